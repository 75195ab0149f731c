import Casework
import Foundation
import Glibc
import Ledger
package import Logging
package import Regions
import Replication
import Store

/// Publishes a provisioned city's topology: the hub's store is made, the signed tree written into it,
/// and every other folder gets the bundle with which `node init` begins.
package enum InitialTree {
  /// It may be called again for a city that it has published, and then gives the folders that lack
  /// it the bundle. It writes to no store that holds a tree: that store may be a copy of one that has
  /// gone on elsewhere, and two stores that go on with one chain could never agree.
  ///
  /// - Throws: `ProvisionError`: hub in service, where the hub's store is in use or holds another
  ///   topology; `StoreError`, `IdentityError`, `HomeError`.
  package static func publish(
    _ topology: Topology, hub: HomeLayout, folders: [RegionID: HomeLayout], software: String,
    logger: Logger, clocks: NodeCore.Clocks
  ) throws {
    if let bundle = try published(topology, at: hub) {
      for folder in folders.values where folder != hub {
        if !HomeFolder(path: folder.path).holds(HomeLayout.File.tree) {
          try put(bundle, into: folder)
        }
      }
      return
    }
    do {
      _ = try NodeInitialiser.run(home: hub, software: software, logger: logger, clocks: clocks)
    } catch let error as StoreError where error.code == .locked {
      throw inService("the hub's store in \(hub.path) is in use", cause: error)
    }
    let core = try NodeCore.open(home: hub, software: software, logger: logger, clocks: clocks)
    defer { try? core.close() }
    guard core.tier == .city, topology.linkTree.hub == core.region else {
      throw StoreError(
        .refused,
        "only the hub \(topology.linkTree.hub) can publish its topology, \(hub.path) is that of "
          + "\(core.region)")
    }
    _ = try core.store.write(now: core.wallMilliseconds()) { transaction in
      let changes = try TopologyPublisher.changes(
        topology, in: transaction.reader, rules: core.rules, salt: core.salt)
      try TopologyPublisher.author(changes, actor: "provision", role: "system", in: transaction)
    }
    let bundle = TreeBundle.encode(try core.store.read { try $0.referenceData() })
    for folder in folders.values where folder != hub {
      try put(bundle, into: folder)
    }
  }

  /// Writes the bundle, in the place of one that a run left which was cut short.
  private static func put(_ bundle: [UInt8], into folder: HomeLayout) throws {
    unlink(folder.tree)
    try HomeFolder(path: folder.path)
      .createFile(HomeLayout.File.tree, bytes: bundle, readers: .everybody)
  }

  /// The bundle of a hub that holds this topology; `nil` where the hub knows no tree yet.
  private static func published(_ topology: Topology, at hub: HomeLayout) throws -> [UInt8]? {
    guard FileManager.default.fileExists(atPath: hub.database) else { return nil }
    let process = Process.firstCut
    return try Store.inspect(in: hub.path, library: .shipped) { reader in
      guard try reader.isMade(), let tree = try reader.signedTrees().newest else { return nil }
      // Where a node listens is told by the ledger: the ports that provisioning deals out depend on
      // the regions that a file has.
      let draft = try topology.listening { tree.address(of: $0) ?? $1 }
      let changes = try TopologyPublisher.changes(
        draft, in: reader, rules: process.hash, salt: { [UInt8](repeating: 0, count: 16) })
      guard changes.summary.isEmpty else {
        throw inService("the hub's ledger in \(hub.path) holds another topology than this file")
      }
      return TreeBundle.encode(try reader.referenceData())
    }
  }

  private static func inService(_ what: String, cause: (any Error)? = nil) -> ProvisionError {
    ProvisionError(
      .hubInService,
      "\(what); the folders are made and the tree is as it was: run `liandong topology apply` at the "
        + "hub, then `liandong topology bundle` there, and put its file into the new folders as "
        + HomeLayout.File.tree, cause: cause)
  }
}
