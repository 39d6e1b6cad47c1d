/// A part of a list that is too long for one answer.
package struct Page<Item: Sendable>: Sendable {
  /// The items, in the exchange's order.
  package var items: [Item]
  /// What to ask for the next page with; `nil` at the end.
  package var next: String?
}

extension Page: Equatable where Item: Equatable {}
