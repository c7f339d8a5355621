"""Who may do what: the actor, the policy table, the guards of routes."""
