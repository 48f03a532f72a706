"""The blocks of the report on ongoing sjukfall out of a region's register, a module for each section."""
