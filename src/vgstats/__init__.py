"""Follow-up of sick leave in Swedish counties."""
