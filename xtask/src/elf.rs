//! The little that must be known of a program: what it runs on, and which C library it needs.
//!
//! Source: <https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html>

/// What a program runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Machine {
    /// 64-bit ARM.
    Aarch64,
    /// 64-bit Intel and AMD.
    X86_64,
}

/// The machine that a program is for; none where it is no program or for another one.
#[must_use]
pub fn machine(program: &[u8]) -> Option<Machine> {
    if !program.starts_with(b"\x7fELF") {
        return None;
    }
    match program.get(18..20)? {
        [0xb7, 0] => Some(Machine::Aarch64),
        [0x3e, 0] => Some(Machine::X86_64),
        _ => None,
    }
}

/// The newest version of the GNU C library that a program names, which its loader then asks for.
#[must_use]
pub fn needed_glibc(program: &[u8]) -> Option<(u32, u32)> {
    const NAME: &[u8] = b"GLIBC_";
    let found = program.windows(NAME.len()).enumerate().filter(|(_, bytes)| *bytes == NAME);
    found.filter_map(|(at, _)| version(program.get(at + NAME.len()..)?)).max()
}

/// `2.34` at the start of bytes, whatever follows.
fn version(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut parts = bytes.splitn(2, |byte| *byte == b'.');
    Some((number(parts.next()?)?, number(parts.next()?)?))
}

fn number(bytes: &[u8]) -> Option<u32> {
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(bytes.get(..digits)?).ok()?.parse().ok()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The start of a program.
    pub(crate) fn program(machine: Machine) -> Vec<u8> {
        let mut header = b"\x7fELF".to_vec();
        header.resize(18, 0);
        header.extend(match machine {
            Machine::Aarch64 => [0xb7, 0],
            Machine::X86_64 => [0x3e, 0],
        });
        header
    }

    #[test]
    fn machines_are_told_apart() {
        for known in [Machine::Aarch64, Machine::X86_64] {
            assert_eq!(machine(&program(known)), Some(known));
        }
        assert_eq!(machine(b"\x7fELF"), None);
        assert_eq!(machine(b"PK"), None);
    }

    #[test]
    fn the_newest_version_counts() {
        let program = b"x\0GLIBC_2.2.5\0GLIBC_2.34\0GLIBC_2.9\0GLIBC_PRIVATE\0GLIBC_";
        assert_eq!(needed_glibc(program), Some((2, 34)));
        assert_eq!(needed_glibc(b"static"), None);
    }

    /// This very test is a program of this machine.
    #[test]
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    fn a_real_program_is_read() {
        let program = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let own = if cfg!(target_arch = "x86_64") { Machine::X86_64 } else { Machine::Aarch64 };
        assert_eq!(machine(&program), Some(own));
        assert!(needed_glibc(&program).is_some_and(|version| version >= (2, 17)));
    }
}
