"""A stand-in for the parts of AWS that the end-to-end tests need.

It serves CloudTrail's read calls, AWS Config's rule calls and aggregators, two STS calls,
Organizations' lists and Security Hub's import over HTTP, from a described world. It knows
nothing of coverage or verdicts.

What keeps it honest: every request and every response is validated against the
service models that botocore publishes; boto3 itself uses it in the tests; and
it gives the same answers as moto wherever moto is right.
"""
