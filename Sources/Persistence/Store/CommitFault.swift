#if DEBUG
  import Glibc

  /// Ends the process at a commit, for crash tests; debug builds only.
  ///
  /// `RATCHET_EXIT_BEFORE_COMMIT=n`: everything of the n-th transaction is written and not committed.
  /// `RATCHET_EXIT_AFTER_COMMIT=n`: it is committed, and its commands are not carried out.
  struct CommitFault {
    private static let code: Int32 = 86
    private let before = Self.number("RATCHET_EXIT_BEFORE_COMMIT")
    private let after = Self.number("RATCHET_EXIT_AFTER_COMMIT")
    private var count = 0

    mutating func beforeCommit() {
      count += 1
      if count == before { _exit(Self.code) }
    }

    func afterCommit() {
      if count == after { _exit(Self.code) }
    }

    private static func number(_ name: String) -> Int? {
      getenv(name).flatMap { Int(String(cString: $0)) }
    }
  }
#endif
