"""The local store: every observation that was fetched or imported, as Parquet files and a manifest."""
