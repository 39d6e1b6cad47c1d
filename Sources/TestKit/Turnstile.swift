import Glibc
import Locking

/// Lets so many in at once, in the order in which they came.
package final class Turnstile: Sendable {
  private struct State {
    var free: Int
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Locked<State>

  /// A turnstile with so many places.
  package init(places: Int) { state = Locked(State(free: places)) }

  /// For programs that are run to their end: all tests begin at once, and without it hundreds of
  /// programs share the processors and no deadline within one means anything.
  package static let programs = Turnstile(places: 3 * max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))

  /// Waits for a place; whoever got one must `leave()`.
  package func enter() async {
    await withCheckedContinuation { continuation in
      let isFree = state.withLock { state in
        if state.free == 0 {
          state.waiting.append(continuation)
          return false
        }
        state.free -= 1
        return true
      }
      if isFree { continuation.resume() }
    }
  }

  /// Gives the place to the next who waits.
  package func leave() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      if state.waiting.isEmpty {
        state.free += 1
        return nil
      }
      return state.waiting.removeFirst()
    }
    next?.resume()
  }
}
