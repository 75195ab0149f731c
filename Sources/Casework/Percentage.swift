/// Shares and growth in percent, rounded half away from zero (四舍五入). Whole numbers throughout: the
/// same counts give the same digits on every machine.
package enum Percentage {
  /// The most decimal places that can be asked for.
  package static let maximumPlaces = 4
  /// The largest count: times 200 and ten to the fourth it still fits.
  package static let maximumCount = 1_000_000_000_000

  /// A part of a whole, such as `99.57` for 97,451 of 97,876 with two places.
  ///
  /// - Parameter places: 0 to ``maximumPlaces``.
  /// - Returns: `nil` where there is no whole, or a number is out of range.
  package static func share(_ part: Int, of whole: Int, places: Int) -> String? {
    text(part, over: whole, places: places)
  }

  /// The growth from one count to another (同比), such as `225` from 666 to 2,164 without places.
  ///
  /// - Returns: `nil` where there was nothing to grow from, or a number is out of range.
  package static func growth(from before: Int, to now: Int, places: Int) -> String? {
    guard (0...maximumCount).contains(before), (0...maximumCount).contains(now) else { return nil }
    return text(now - before, over: before, places: places)
  }

  private static func text(_ numerator: Int, over denominator: Int, places: Int) -> String? {
    guard (0...maximumPlaces).contains(places), (1...maximumCount).contains(denominator),
      numerator.magnitude <= maximumCount
    else { return nil }
    let scale = (0..<places).reduce(1) { scale, _ in scale * 10 }
    let doubled = Int(numerator.magnitude) * 200 * scale
    let units = (doubled + denominator) / (2 * denominator)
    let sign = numerator < 0 && units > 0 ? "-" : ""
    guard places > 0 else { return "\(sign)\(units)" }
    let decimals = String(units % scale)
    return "\(sign)\(units / scale)."
      + String(repeating: "0", count: places - decimals.count) + decimals
  }
}
