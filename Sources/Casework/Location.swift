package import Ledger

/// A place on the map: integer microdegrees of WGS-84, so that every node has the same bytes.
package struct Location: Hashable, Sendable {
  /// North is positive.
  package let latitudeMicrodegrees: Int64
  /// East is positive.
  package let longitudeMicrodegrees: Int64

  /// `nil` for degrees outside the globe.
  package init?(latitudeMicrodegrees: Int64, longitudeMicrodegrees: Int64) {
    guard (-90_000_000...90_000_000).contains(latitudeMicrodegrees),
      (-180_000_000...180_000_000).contains(longitudeMicrodegrees)
    else { return nil }
    self.latitudeMicrodegrees = latitudeMicrodegrees
    self.longitudeMicrodegrees = longitudeMicrodegrees
  }

  /// Reads `{latitude, longitude}`.
  package init?(_ value: CanonicalValue) {
    guard let latitude = value["latitude"]?.integer, let longitude = value["longitude"]?.integer
    else { return nil }
    self.init(latitudeMicrodegrees: latitude, longitudeMicrodegrees: longitude)
  }

  package var value: CanonicalValue {
    .map([
      "latitude": .integer(latitudeMicrodegrees), "longitude": .integer(longitudeMicrodegrees),
    ])
  }
}
