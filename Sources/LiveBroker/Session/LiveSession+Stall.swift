import Execution
import Market
import Persistence

/// A store that cannot be written for a while: a disk that is full, say.
extension LiveSession {
  /// What waits for a store that cannot be written.
  struct Stall {
    /// What came of the event that could not be kept.
    let commands: [Command]
    let notes: [Note]
    let pair: Int
    /// What has happened since.
    var events: [(event: Event, pair: Int)] = []
    /// Whether somebody asks for the end of entries.
    var isEnding = false

    /// How much more of a pair is held by what has happened since; less than nothing where it was sold.
    func gain(of pair: Int) -> Quantity {
      events.reduce(Quantity.zero) { gain, next in
        guard next.pair == pair, case .report(let report) = next.event,
          case .filled(let fill) = report.news
        else { return gain }
        return fill.side == .buy ? gain + fill.quantity : gain - fill.quantity
      }
    }
  }

  /// So many events wait at most: a day of a quiet pair, an hour of a busy one.
  private static let mostWaiting = 100_000

  /// Keeps an event for later.
  func wait(_ event: Event, _ pair: Int) {
    stall?.events.append((event, pair))
    if stall?.events.count == Self.mostWaiting { fail(SessionStalled()) }
  }

  /// The store cannot be written: entries are held, those that work are ended, and writing is tried until it
  /// works.
  ///
  /// The stops that are at the exchange stay there. What an entry bought now could have none, since nothing is
  /// sent that is not kept; to end an order needs no record: it is the exchange that tells of it.
  func stand(
    still error: any Error, with commands: [Command], _ notes: [Note], _ pair: Int
  ) {
    guard let cause = error as? SQLiteError, cause.problem.mayPass else { return fail(error) }
    stall = Stall(commands: commands, notes: notes, pair: pair)
    hold(.store, "\(error)")
    Task {
      var backoff = Backoff.answer
      while !isOver {
        await pause(&backoff)
        do { try writer.commit() } catch {
          guard let cause = error as? SQLiteError, cause.problem.mayPass else { return fail(error) }
          say(.trouble("\(error)"))
          // Whoever waits for an answer does not write.
          if stall?.isEnding == false { Task { await endEntriesUnkept() } }
          continue
        }
        goOn()
        return
      }
    }
  }

  /// Asks for the end of entries that the exchange has, again and again until it tells of that.
  private func endEntriesUnkept() async {
    stall?.isEnding = true
    defer { stall?.isEnding = false }
    for pair in pairs.indices {
      guard stall != nil, let id = machine.standing(of: pair).entry?.order.id,
        let entry = sent[pair][id], !entry.isOver, let name = entry.exchangeID
      else { continue }
      // That it was asked for is no end, and an answer that is lost no failure.
      _ = try? await exchange.cancel(name, product: pairs[pair].product.id)
    }
  }

  private func goOn() {
    guard let stalled = stall else { return }
    stall = nil
    incident(
      .storeFailed, "the store could not be written for a while; entries were held meanwhile")
    let wasTripped = machine.portfolio.isTripped
    var tripping: Int?
    carryOut(stalled.commands, stalled.notes, stalled.pair)
    // Where it fails again, what is left waits again, in its order.
    for (event, pair) in stalled.events {
      deliver(event, to: pair)
      if tripping == nil, machine.portfolio.isTripped, !wasTripped { tripping = pair }
    }
    if stall == nil { release(.store) }
    // Who handed the close in has gone on long since.
    if let tripping { Task { await goOnSelling(deciding: tripping) } }
  }
}

/// The store could not be written for so long that no more can be kept in memory.
struct SessionStalled: Error, Hashable, CustomStringConvertible {
  /// One line for the user.
  var description: String {
    "the store cannot be written, and too much waits for it: the session ends. Stops stay at the "
      + "exchange; what was bought since has none. Free some space, or mend the disk, and start it again"
  }
}

extension SQLiteError.Problem {
  /// Whether it may be over in a while without anybody having harmed the file.
  var mayPass: Bool {
    switch self {
    case .diskFull, .inputOutput, .locked, .interrupted: true
    case .libraryMissing, .cannotOpen, .readOnly, .notADatabase, .wrongKey, .notEncrypted, .corrupt,
      .constraint, .unexpectedValue, .other:
      false
    }
  }
}
