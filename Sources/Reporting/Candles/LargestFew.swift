/// The largest of many, in order, without sorting or holding the rest.
struct LargestFew<Element> {
  /// The largest, the largest first; of equal ones those that came first.
  private(set) var elements: [Element] = []
  private let limit: Int
  private let size: (Element) -> Double

  /// Keeps so many, compared by their size.
  init(_ limit: Int, by size: @escaping (Element) -> Double) {
    self.limit = limit
    self.size = size
  }

  /// Takes one into account: O(1) for nearly all, O(limit) for those that stay.
  mutating func add(_ element: Element) {
    if elements.count == limit {
      guard let last = elements.last, size(element) > size(last) else { return }
      elements.removeLast()
    }
    let place = elements.firstIndex { size($0) < size(element) } ?? elements.count
    elements.insert(element, at: place)
  }
}
