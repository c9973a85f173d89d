#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cis_fuzz::run("digests", data));
