//! The AWS Config custom rule: an invocation event in, one evaluation of the account out.
