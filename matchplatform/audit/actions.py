"""What the trail's actions are called, and a thing's history as a timeline."""

from collections.abc import Iterable

from matchplatform.audit.models import AuditEntry
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.timeline import Event

# The words know every feature's actions by name; the trail itself imports none of them.
ACTION_WORDS: dict[str, Words] = {
    "access.refused": _("被拒绝的访问"),
    "account.add": _("开设账号"),
    "account.ask_link": _("忘记密码，请求重设"),
    "account.change_password": _("更换密码"),
    "account.disable": _("停用账号"),
    "account.enable": _("启用账号"),
    "account.enable_second_step": _("开启两步验证"),
    "account.end_session": _("退出自己的其他登录"),
    "account.issue_link": _("签发重设密码链接"),
    "account.mail_link": _("邮寄重设密码链接"),
    "account.remove_second_step": _("关闭两步验证"),
    "account.renew_recovery_codes": _("更换恢复码"),
    "account.reset_password": _("用链接重设密码"),
    "account.reset_second_step": _("重置两步验证"),
    "account.sign_in": _("登录"),
    "account.sign_out": _("退出"),
    "account.start_second_step": _("开始设置两步验证"),
    "account.use_recovery_code": _("用恢复码登录"),
    "capacity.ask": _("申请超预算认领"),
    "capacity.grant": _("同意超预算认领"),
    "capacity.refuse": _("不同意超预算认领"),
    "capacity.settle": _("超预算认领的申请不必再答"),
    "certificate.accept": _("核对登记证书"),
    "certificate.hand_in": _("传上登记证书"),
    "certificate.refuse": _("退回登记证书"),
    "batch.begin": _("建立批次"),
    "claim.accept": _("受理认领"),
    "claim.decline": _("不予受理认领"),
    "claim.expire": _("预留到期释放"),
    "claim.extend": _("预留延期"),
    "claim.message": _("在认领里留言"),
    "claim.move": _("认领随组织并入"),
    "claim.rehome": _("认领随项目并入"),
    "claim.release": _("县里放回长期占用"),
    "claim.reserve": _("预留条目"),
    "claim.stop": _("因组织被暂停或注销撤回认领"),
    "claim.submit": _("提交认领"),
    "claim.withdraw": _("撤回认领"),
    "favourite.drop": _("取消关注项目"),
    "favourite.keep": _("关注项目"),
    "file.add": _("上传文件"),
    "file.remove": _("删除文件"),
    "file.sweep": _("清理无主文件"),
    "import.apply": _("同意写入导入的表格"),
    "import.drop": _("放弃导入"),
    "import.fail": _("导入没有办成"),
    "import.finish": _("导入写完"),
    "import.preview": _("导入的表格核对完"),
    "import.take_in": _("上传要导入的表格"),
    "membership.appoint": _("登记管理机关指定签署人"),
    "mail.ask": _("填写邮箱"),
    "mail.choose": _("更改邮件通知"),
    "mail.confirm": _("确认邮箱"),
    "mail.remove": _("删除邮箱"),
    "mail.stop": _("停发邮件"),
    "membership.approve": _("批准成员加入"),
    "membership.ask": _("接受邀请，申请加入"),
    "membership.cancel_invitation": _("取消邀请"),
    "membership.change": _("变更成员权限或任期"),
    "membership.decline": _("不批准成员加入"),
    "membership.decline_invitation": _("谢绝邀请"),
    "membership.invite": _("邀请成员"),
    "membership.leave": _("成员退出"),
    "membership.revoke": _("撤销成员"),
    "invitation.decline": _("谢绝认领邀请"),
    "invitation.interested": _("答复有意向认领"),
    "invitation.move": _("认领邀请随组织并入"),
    "invitation.send": _("邀请组织认领"),
    "invitation.withdraw": _("收回认领邀请"),
    "joint.confirm": _("成员确认联合认领"),
    "joint.decline": _("成员不参加联合认领"),
    "joint.give_back": _("放回退出的份额"),
    "joint.invite": _("邀请联合认领"),
    "joint.leave": _("成员退出联合认领"),
    "joint.take_over": _("接下退出的份额"),
    "offer.close": _("结束供给意向"),
    "offer.edit": _("修改供给意向"),
    "offer.move": _("供给意向随组织并入"),
    "offer.publish": _("发布供给意向"),
    "organisation.amend": _("更正代录的组织"),
    "organisation.accept_name": _("确认新名称"),
    "organisation.ask_name": _("申请变更名称"),
    "organisation.deregister": _("注销组织"),
    "organisation.lift": _("恢复组织办理"),
    "organisation.merge": _("并入另一份登记"),
    "organisation.refuse_name": _("退回名称变更"),
    "organisation.enter": _("代录社会组织"),
    "organisation.register": _("登记组织"),
    "organisation.restrict": _("列入活动异常名录"),
    "organisation.suspend": _("暂停组织办理"),
    "organisation.resubmit": _("更正后再次提交登记"),
    "organisation.return": _("退回登记"),
    "organisation.verify": _("核验登记"),
    "price.add": _("加进价格表"),
    "price.edit": _("修改价格表"),
    "price.remove": _("从价格表删去"),
    "project.change": _("改动已发布的项目"),
    "project.explain": _("说明质量检查的疑问"),
    "project.pair": _("判断是不是同一个需求"),
    "poor_people.correct": _("更正未脱贫人口"),
    "poor_people.publish": _("公布未脱贫人口"),
    "poor_people.record": _("填报未脱贫人口"),
    "paper.add": _("给项目加文件"),
    "paper.move": _("调整项目文件的顺序"),
    "paper.remove": _("删除项目的文件"),
    "picture.add": _("给项目加照片"),
    "picture.confirm": _("确认照片已取得同意"),
    "picture.doubt": _("标记照片没有本人同意"),
    "picture.move": _("调整照片的顺序"),
    "picture.remove": _("删除项目的照片"),
    "picture.word": _("修改照片的说明"),
    "project.close": _("关闭项目"),
    "project.copy": _("复制项目"),
    "project.create": _("新建项目"),
    "project.edit": _("修改项目"),
    "project.extra": _("同意超额"),
    "project.hand_over": _("移交未办完的项目"),
    "project.keep": _("自动保存正在写的项目"),
    "project.merge": _("并入另一个项目"),
    "project.forget_typed": _("清掉没有保存的表单"),
    "project.propose": _("提出改动已发布的项目"),
    "project.publish": _("发布项目"),
    "project.refuse_change": _("没有核准改动"),
    "project.resume": _("恢复认领"),
    "project.return": _("退回项目"),
    "project.submit": _("提交项目"),
    "project.suspend": _("暂停认领"),
    "project.take_in": _("另一个项目并入"),
    "project.verify": _("核验项目"),
    "project.withdraw_change": _("撤回改动"),
    "search.delete": _("删除保存的查找"),
    "search.rename": _("给保存的查找改名"),
    "search.save": _("保存查找"),
    "search.unwatch": _("关闭查找的通知"),
    "search.watch": _("打开查找的通知"),
}

SUBJECT_WORDS: dict[str, Words] = {
    "capacity": _("超预算认领"),
    "batch": _("批次"),
    "claim": _("认领"),
    "favourite": _("关注"),
    "file": _("文件"),
    "offer": _("供给意向"),
    "invitation": _("认领邀请"),
    "organisation": _("组织"),
    "poor_people": _("未脱贫人口"),
    "poor_quarter": _("未脱贫人口"),
    "price": _("价格表"),
    "project": _("项目"),
    "route": _("页面"),
    "saved_search": _("保存的查找"),
    "user": _("账号"),
    "waitlist": _("候补"),
}

# What these did to a project was done in public, so its page is there for everyone.
_PUBLIC = frozenset(
    {
        "project.publish",
        "project.suspend",
        "project.resume",
        "project.close",
        "project.change",
        "project.merge",
    }
)
_PAGES = {
    "claim": "/claims",
    "invitation": "/desk/invitations",
    "offer": "/desk/offers",
    "organisation": "/desk/organisations",
    "poor_people": "/desk/poor-people",
    "project": "/desk/projects",
}
_ADVERSE = frozenset({"return", "refuse", "decline", "expire", "release", "disable", "refused"})


def words_of(action: str) -> Words:
    """Return what an action is called; one that is not listed shows its code."""
    return ACTION_WORDS.get(action, action)


def path_of(entry: AuditEntry) -> str | None:
    """Return the page of what the entry is about, where auditors can read one."""
    if entry.action in _PUBLIC:
        return f"/projects/{entry.subject_id}"
    above = _PAGES.get(entry.subject_type)
    return f"{above}/{entry.subject_id}" if above else None


def tell_history(entries: Iterable[AuditEntry]) -> list[Event]:
    """Return a thing's history, in the order given, as the timeline shows it."""
    return [
        Event(
            entry.at,
            words_of(entry.action),
            _told(entry),
            "late" if entry.action.partition(".")[2] in _ADVERSE else "dot",
        )
        for entry in entries
    ]


def _told(entry: AuditEntry) -> Words:
    if entry.reason:
        return _("%(who)s：%(reason)s", who=entry.actor_label, reason=entry.reason)
    return entry.actor_label
