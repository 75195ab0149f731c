import Foundation
import Node
import Regions
import Replication
import Store
import Testing

/// `node init` on folders in every state that an operator can bring them into.
@Suite(.timeLimit(.minutes(10))) struct NodeInitialiserTests {
  private let city: CommandsCity
  private let home: HomeLayout

  init() throws {
    city = try CommandsCity()
    home = try city.home("lake0")
  }

  @discardableResult
  private func initialise() throws -> NodeIdentity {
    try NodeInitialiser.run(
      home: home, software: "test", logger: CommandsCity.logger, clocks: city.clocks)
  }

  private func open() throws -> NodeCore {
    try NodeCore.open(
      home: home, software: "test", logger: CommandsCity.logger, clocks: city.clocks)
  }

  private func parentKnownHere() throws -> RegionID? {
    let core = try open()
    defer { try? core.close() }
    return try core.store.read { try $0.signedTrees() }.newest?.parent(of: core.region)
  }

  private func setMode(_ mode: Int, of path: String) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
  }

  @Test func `opening a folder without a store makes none and frees the folder`() throws {
    for _ in 1...2 {
      let error = #expect(throws: StoreError.self) { try open() }
      #expect(error?.code == .wrongStore)
      #expect(error?.message.contains("node init") == true)
    }
    #expect(!FileManager.default.fileExists(atPath: home.database))
    try initialise()
    #expect(try parentKnownHere() == RegionID("east"))
  }

  @Test func `a database that belongs to no node becomes this node's store`() throws {
    try Data().write(to: URL(filePath: home.database))
    #expect(throws: StoreError.self) { try open() }
    #expect(try initialise().region == RegionID("lake0"))
    #expect(try parentKnownHere() == RegionID("east"))
  }

  @Test func `a bad seal key or bundle is told before a store is made`() throws {
    try setMode(0o644, of: home.sealKey)
    #expect(#expect(throws: HomeError.self) { try initialise() }?.code == .exposed)
    try setMode(0o600, of: home.sealKey)
    let bundle = try Data(contentsOf: URL(filePath: home.tree))
    for bad in [Data("garbage".utf8), Data(bundle.prefix(bundle.count / 2))] {
      try bad.write(to: URL(filePath: home.tree))
      let error = #expect(throws: HomeError.self) { try initialise() }
      #expect(error?.code == .malformed)
    }
    #expect(!FileManager.default.fileExists(atPath: home.database))
    try bundle.write(to: URL(filePath: home.tree))
    try initialise()
    #expect(try parentKnownHere() == RegionID("east"))
  }

  @Test func `a missing seal key is made, but never beside a store`() throws {
    try FileManager.default.removeItem(atPath: home.sealKey)
    try initialise()
    _ = try HomeSealKey.load(from: home)
    try FileManager.default.removeItem(atPath: home.sealKey)
    #expect(#expect(throws: HomeError.self) { try initialise() }?.code == .notFound)
  }

  @Test func `a store without a tree takes the bundle when init is repeated`() throws {
    let bundle = try Data(contentsOf: URL(filePath: home.tree))
    try FileManager.default.removeItem(atPath: home.tree)
    try initialise()
    #expect(try parentKnownHere() == nil)
    try bundle.write(to: URL(filePath: home.tree))
    try initialise()
    #expect(try parentKnownHere() == RegionID("east"))
    let before = try initialise()
    let after = try initialise()
    #expect(after.eventCount == before.eventCount)
  }
}
