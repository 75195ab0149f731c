import Casework
import Testing

/// Rates and growth, and samples.
@Suite struct PercentageTests {
  /// The figures that the two platforms publish.
  @Test func `published figures come out exactly`() {
    #expect(Percentage.share(97_451, of: 97_876, places: 2) == "99.57")
    #expect(Percentage.share(3_278, of: 3_300, places: 1) == "99.3")
    #expect(Percentage.share(2_093, of: 2_164, places: 1) == "96.7")
    #expect(Percentage.growth(from: 666, to: 2_164, places: 0) == "225")
  }

  @Test func `bounds and signs`() {
    #expect(Percentage.share(0, of: 0, places: 2) == nil)
    #expect(Percentage.growth(from: 0, to: 5, places: 2) == nil)
    #expect(Percentage.growth(from: 8, to: 7, places: 1) == "-12.5")
    #expect(Percentage.growth(from: 100_000, to: 99_999, places: 0) == "0")
    #expect(Percentage.share(1, of: 1, places: 5) == nil)
    #expect(Percentage.share(-1, of: 1, places: -1) == nil)
    #expect(Percentage.share(.max, of: 1, places: 1) == nil)
    #expect(Percentage.share(1, of: .max, places: 1) == nil)
    let most = Percentage.maximumCount
    #expect(Percentage.share(most, of: 1, places: 4) == "100000000000000.0000")
  }

  /// The digits lie within half a unit of the last place, which tells rounding without doing it.
  @Test func `a share is the nearest number of that many places`() throws {
    var numbers = SeededNumbers(seed: 52)
    for _ in 0..<20_000 {
      let whole = Int.random(in: 1...200_000, using: &numbers)
      let part = Int.random(in: 0...whole, using: &numbers)
      let places = Int.random(in: 0...4, using: &numbers)
      let text = try #require(Percentage.share(part, of: whole, places: places))
      let pieces = text.split(separator: ".", omittingEmptySubsequences: false)
      #expect(
        pieces.count == (places == 0 ? 1 : 2) && (pieces.last?.count == places || places == 0))
      let scale = (0..<places).reduce(1) { sum, _ in sum * 10 }
      let units = try #require(Int(pieces.joined()))
      // |units / scale - 100 part / whole| <= 1 / (2 scale), in whole numbers; a half goes up.
      let distance = 2 * (units * whole - 100 * part * scale)
      #expect(-whole < distance && distance <= whole, "\(part)/\(whole) in \(places): \(text)")
    }
  }
}
