import Crypto
import Foundation
import Identity
import Ledger
package import Logging
import Regions
import Replication
package import Store

/// Makes the store of a provisioned folder and takes the hub-signed tree that lies beside it.
package enum NodeInitialiser {
  /// Makes the store and takes the bundle. Where this node has both already nothing changes, and a
  /// run that was cut short or met a bad file can be repeated.
  ///
  /// - Returns: whose store it is.
  /// - Throws: `IdentityError` for the certificate, `HomeError` for seal key and bundle, `StoreError`
  ///   for the store.
  package static func run(
    home: HomeLayout, software: String, logger: Logger, clocks: NodeCore.Clocks
  ) throws -> NodeIdentity {
    try home.requireOwner()
    let name = try home.keyStore.load().certified.name
    // All that may be amiss in the folder is read before the store is made.
    try makeMissingSealKey(home)
    _ = try HomeSealKey.load(from: home)
    let bundle = try readBundle(home)
    _ = try Store.create(
      in: home.path,
      for: NodeIdentity(
        deployment: name.deployment.description, region: name.region, tier: name.tier))
    let core = try NodeCore.open(
      home: home, software: software, logger: logger, clocks: clocks)
    defer { try? core.close() }
    let knowsTree = try core.store.read { try $0.signedTrees().newest } != nil
    if !knowsTree, let bundle { try core.take(bundle) }
    return try core.store.read { try $0.identity() }
  }

  /// A folder that the CA's answer completed has no seal key yet. Beside a store, whose contacts are
  /// sealed to the one that is missing, none is made.
  private static func makeMissingSealKey(_ home: HomeLayout) throws {
    let folder = HomeFolder(path: home.path)
    guard !folder.holds(HomeLayout.File.sealKey), !folder.holds(HomeLayout.File.database) else {
      return
    }
    try HomeSealKey.generate().create(in: folder)
  }

  private static func readBundle(_ home: HomeLayout) throws -> Shipment? {
    guard FileManager.default.fileExists(atPath: home.tree) else { return nil }
    do {
      let data = try Data(contentsOf: URL(filePath: home.tree))
      guard data.count <= TreeBundle.maximumBytes else {
        throw MalformedBytes("longer than \(TreeBundle.maximumBytes) bytes", at: 0)
      }
      return try TreeBundle.decode(Array(data))
    } catch {
      throw HomeError(
        .malformed,
        "\(home.tree) is no bundle of a signed tree; copy it again from the provisioned folder",
        cause: error)
    }
  }
}

extension NodeCore {
  /// Opens the store of a node's folder with the keys that lie there.
  ///
  /// - Throws: `HomeError` for the seal key and for a folder of another account; `IdentityError`,
  ///   `StoreError`.
  package static func open(
    home: HomeLayout, software: String, logger: Logger, clocks: Clocks,
    bounds: NodeConfiguration.Bounds = .standard
  ) throws -> NodeCore {
    try home.requireOwner()
    let sealKey = try HomeSealKey.load(from: home).privateKey.publicKey
    return try open(
      home: home.path, sealKey: Array(sealKey.rawRepresentation), software: software,
      logger: logger, clocks: clocks,
      bounds: StoreBounds(
        batchBytes: bounds.batchBytes, batchCommits: bounds.batchCommits,
        setAsideBytes: bounds.setAsideBytes))
  }

  /// Takes the hub's first commits, as if the parent had sent them.
  func take(_ bundle: Shipment) throws {
    let trees = bundle.commits.flatMap { commit in
      commit.events.compactMap { SignedTree($0.event, of: commit.stamp) }
    }
    guard let newest = trees.max(by: { $0.version < $1.version }),
      let parent = newest.tree.parent(of: region)
    else {
      throw StoreError(
        .refused, "tree.bundle names no parent of \(region); provision the folder again")
    }
    let (outcome, _) = try store.write(now: wallMilliseconds()) {
      try $0.take(bundle, from: parent)
    }
    if let refused = outcome.setAside.first {
      throw StoreError(
        .refused, "tree.bundle does not verify: \(refused.reason); provision the folder again")
    }
  }
}
