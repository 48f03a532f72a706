"""The blocks of the follow-up report, a module for each of its six sections."""
