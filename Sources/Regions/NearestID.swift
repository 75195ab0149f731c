/// Finds the id that a misspelt one probably meant.
struct NearestID {
  /// How many misspelt ids of one file are answered: each costs a pass over all ids.
  static let maximumQuestions = 20
  /// The most letters that may be wrong.
  static let maximumDistance = 3

  private let candidates: [RegionID]

  init(among candidates: [RegionID]) { self.candidates = candidates.sorted() }

  /// The nearest id, the first in order of several; `nil` if all are too far.
  func nearest(to wrong: RegionID) -> RegionID? {
    var best: (id: RegionID, distance: Int)?
    for candidate in candidates {
      let distance = Self.distance(Array(candidate.rawValue.utf8), Array(wrong.rawValue.utf8))
      if distance <= Self.maximumDistance, distance < best?.distance ?? .max {
        best = (candidate, distance)
      }
    }
    return best?.id
  }

  /// The number of letters to insert, remove or replace.
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var row = Array(0...b.count)
    for (i, left) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, right) in b.enumerated() {
        let replaced = diagonal + (left == right ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
      }
    }
    return row[b.count]
  }
}
