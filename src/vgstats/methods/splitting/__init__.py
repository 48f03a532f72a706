"""What a change is made up of: groups, factors, benefits and part-areas."""
