#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| gateward::fuzz::feed("unit", input));
