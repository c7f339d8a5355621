"""What a browser calls itself, in plain words: enough to know one's own again."""

from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _

# Browsers name their ancestors too, so the youngest name is looked for first.
_BROWSERS: tuple[tuple[str, Words], ...] = (
    ("MicroMessenger", _("微信")),
    ("DingTalk", _("钉钉")),
    ("QQBrowser", _("QQ 浏览器")),
    ("360SE", _("360 浏览器")),
    ("QihooBrowser", _("360 浏览器")),
    ("UCBrowser", _("UC 浏览器")),
    ("HuaweiBrowser", _("华为浏览器")),
    ("MiuiBrowser", _("小米浏览器")),
    ("Edg", _("Edge 浏览器")),
    ("OPR/", _("Opera 浏览器")),
    ("Firefox", _("火狐浏览器")),
    ("Chrom", _("Chrome 浏览器")),
    ("Trident", _("IE 浏览器")),
    ("Safari", _("Safari 浏览器")),
)
_SYSTEMS: tuple[tuple[str, Words], ...] = (
    ("iPhone", _("iPhone")),
    ("iPad", _("iPad")),
    ("HarmonyOS", _("鸿蒙设备")),
    ("OpenHarmony", _("鸿蒙设备")),
    ("Android", _("安卓设备")),
    ("Windows", _("Windows 电脑")),
    ("Macintosh", _("苹果电脑")),
    ("Linux", _("Linux 电脑")),
)


def describe_browser(user_agent: str) -> Words:
    """Return the browser and what it runs on, in words."""
    browser = _first(_BROWSERS, user_agent)
    system = _first(_SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s（%(system)s）", system=system, browser=browser)
    return browser or system or _("认不出的浏览器")


def _first(table: tuple[tuple[str, Words], ...], user_agent: str) -> Words:
    return next((words for mark, words in table if mark in user_agent), "")
