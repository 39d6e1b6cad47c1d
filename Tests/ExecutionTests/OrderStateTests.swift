import Execution
import Testing

/// Every state with every input: DESIGN, decision 3.
@Suite struct OrderStateTests {
  /// One row a state, one column an input, in the order of `allCases`; `!` is refused.
  ///
  /// `n` new, `p` pending, `o` open, `h` partially filled ("half"), `c` cancel pending, `u` unknown,
  /// `f` filled, `x` cancelled, `r` rejected, `e` expired.
  static let withoutFills = """
                      submit accept fill_part fill_rest request confirm refuse reject expire time_out
    new               p      !      !         !         !       !       !      !      !      !
    pending           !      o      h         f         !       x       !      r      e      u
    open              !      o      h         f         c       x       !      r      e      !
    partially_filled  !      h      h         f         c       x       !      r      e      !
    cancel_pending    !      c      c         f         !       x       o      r      e      u
    unknown           !      o      h         f         !       x       !      r      e      !
    filled            !      !      !         !         !       !       f      !      !      !
    cancelled         !      !      x         f         !       x       x      !      !      !
    rejected          !      !      x         f         !       !       r      r      !      !
    expired           !      !      e         f         !       !       e      !      e      !
    """

  /// What differs once something is filled.
  static let withFills: [(OrderState, OrderInput, Character)] = [
    (.pending, .accept, "h"), (.unknown, .accept, "h"), (.cancelPending, .refuseCancel, "h"),
    (.pending, .reject, "x"), (.open, .reject, "x"), (.unknown, .reject, "x"),
    (.partiallyFilled, .reject, "x"), (.cancelPending, .reject, "x"),
  ]

  static let letters: [OrderState: Character] = [
    .new: "n", .pending: "p", .open: "o", .partiallyFilled: "h", .cancelPending: "c",
    .unknown: "u", .filled: "f", .cancelled: "x", .rejected: "r", .expired: "e",
  ]

  static let pairs: [(OrderState, OrderInput, Character)] = {
    withoutFills.split(separator: "\n").dropFirst().enumerated().flatMap { row, line in
      let cells = line.split(separator: " ").dropFirst()
      return zip(OrderInput.allCases, cells).map { (OrderState.allCases[row], $0, $1.first ?? "?") }
    }
  }()

  @Test func `the table has every pair`() {
    #expect(Self.pairs.count == OrderState.allCases.count * OrderInput.allCases.count)
  }

  @Test("Every pair leads where the table says", arguments: pairs)
  func transition(state: OrderState, input: OrderInput, expected: Character) {
    #expect(next(state, input, hasFills: false) == expected)
    let other = Self.withFills.first { $0.0 == state && $0.1 == input }?.2
    #expect(next(state, input, hasFills: true) == other ?? expected)
  }

  @Test func `a refused transition says what was where`() {
    do {
      _ = try OrderState.filled.after(.accept, hasFills: true)
      Issue.record("accepted")
    } catch {
      #expect(error.description == "an order that is filled cannot take 'accept'")
    }
  }

  private func next(_ state: OrderState, _ input: OrderInput, hasFills: Bool) -> Character {
    do { return Self.letters[try state.after(input, hasFills: hasFills)] ?? "?" } catch {
      return "!"
    }
  }
}
