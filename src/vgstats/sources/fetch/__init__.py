"""From a wish for figures to requests, and from requests to answers that hold something.

Planning asks nobody and can be shown before anything is fetched. Answers are handed on as bytes:
what their rows mean is read elsewhere. Forms of the addresses: Försäkringskassan's statistics API,
Kolada's API version 3 and SCB's PxWeb API version 2, with names from `data/datasets.yaml`.
"""
