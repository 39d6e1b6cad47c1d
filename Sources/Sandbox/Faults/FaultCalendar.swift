import Market

/// Says which faults of the whole exchange begin as the data's time goes on.
struct FaultCalendar: Sendable {
  private struct Slot: Sendable {
    /// Which of the dice.
    let place: Int
    /// The times that the rule names, as far as they are to come.
    var named: [Timestamp]
    /// The next one by chance.
    var next: Timestamp?

    var due: Timestamp? { [named.first, next].compactMap(\.self).min() }
  }

  private static let kinds: Set<FaultKind> = [
    .clockSkew, .productHalted, .restart, .maintenance, .balanceMoved,
  ]
  var dice: FaultSet
  private var slots: [Slot] = []

  init(_ plan: FaultPlan, from begin: Timestamp) {
    dice = FaultSet(plan, Self.kinds)
    for place in dice.dice.indices {
      let rule = dice[place].rule
      var slot = Slot(place: place, named: rule.at.sorted().map { begin + $0 })
      if let every = rule.every { slot.next = begin + dice[place].interval(every) }
      slots.append(slot)
    }
  }

  /// The dice of what begins up to a time, each as often as it does.
  mutating func begin(upTo now: Timestamp) -> [Int] {
    var begun: [Int] = []
    for index in slots.indices {
      while let due = slots[index].due, due <= now {
        begun.append(slots[index].place)
        if slots[index].named.first == due {
          slots[index].named.removeFirst()
        } else if let every = dice[slots[index].place].rule.every {
          slots[index].next = due + dice[slots[index].place].interval(every)
        }
      }
    }
    return begun
  }
}
