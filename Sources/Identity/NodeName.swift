package import Regions

/// The name that a node's certificate proves: deployment, tier and the region's permanent id.
///
/// It holds no path in the tree, so a region that moves under another parent keeps its certificate.
package struct NodeName: Hashable, Sendable, CustomStringConvertible {
  package let deployment: Deployment
  package let tier: Tier
  package let region: RegionID

  /// The scheme of the URI form.
  package static let scheme = "liandong"

  package init(deployment: Deployment, tier: Tier, region: RegionID) {
    self.deployment = deployment
    self.tier = tier
    self.region = region
  }

  /// Reads `liandong://<deployment>/<tier>/<region id>` and nothing else: no upper case, no escape,
  /// no trailing slash, no query. Each name has exactly one URI. `nil` for anything else.
  package init?(uri: some StringProtocol) {
    let bytes = Array(uri.utf8)
    let prefix = Array("\(Self.scheme)://".utf8)
    guard bytes.count <= Self.maximumURILength, bytes.starts(with: prefix) else { return nil }
    let parts = bytes.dropFirst(prefix.count)
      .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard parts.count == 3, let deployment = Deployment(parts[0]), let tier = Tier(name: parts[1]),
      let region = RegionID(parts[2])
    else { return nil }
    self.init(deployment: deployment, tier: tier, region: region)
  }

  /// The URI form, as it stands in the certificate's subject alternative name.
  package var uri: String {
    "\(Self.scheme)://\(deployment.rawValue)/\(tier.name)/\(region.rawValue)"
  }

  package var description: String { uri }

  /// The longest URI that can be well formed, in bytes; longer text is not looked at.
  private static let maximumURILength =
    scheme.utf8.count + 3 + Deployment.maximumLength + 1 + 16 + 1 + RegionID.maximumLength
}
