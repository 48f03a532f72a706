"""An area beside others, before and after: would it have happened anyway?"""
