import Simulator

/// A text of JSON that is hardly JSON any more.
///
/// - Parameters:
///   - text: What it is made from.
///   - numbers: What one of its numbers may become, mostly one that is at an edge.
///   - random: Decides.
/// - Returns: Its bytes, up to two of them changed, gone or repeated.
func spoiled(_ text: String, numbers: [String], using random: inout SplitMix64) -> [UInt8] {
  var text = text
  if Bool.random(using: &random), let number = numbers.randomElement(using: &random),
    let place = text.ranges(of: #/"[0-9]+"/#).randomElement(using: &random)
  {
    text.replaceSubrange(place, with: "\"\(number)\"")
  }
  var bytes = Array(text.utf8)
  for _ in 0..<Int.random(in: 0...2, using: &random) {
    let place = Int.random(in: bytes.indices, using: &random)
    switch Int.random(in: 0..<3, using: &random) {
    case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
    case 1: bytes.remove(at: place)
    default: bytes.insert(contentsOf: bytes[place...].prefix(20), at: place)
    }
  }
  return bytes
}
