import Foundation
import Identity
import Testing

@Suite struct NodeKeyStoreTests {
  /// A node's folder with key, chain and roots in force.
  private func enrolled(_ city: inout TestCity) throws -> (NodeKeyStore, NodeKey) {
    let store = NodeKeyStore(path: city.folder.path("node"))
    let key = NodeKey.generate()
    try store.createKey(key)
    try store.install(city.issue(key), roots: city.authority.roots)
    return (store, key)
  }

  @Test func enrolledNodeLoadsWhatItWasGiven() throws {
    var city = try TestCity()
    let (store, key) = try enrolled(&city)
    let credentials = try store.load()
    #expect(credentials.key.keyID == key.keyID)
    #expect(credentials.certified.name == (try city.name()))
    #expect(credentials.roots.der == city.authority.roots.der)
    #expect(try city.folder.mode("node") == 0o700)
    #expect(try city.folder.mode("node/node.key") == 0o600)
    #expect(try city.folder.snapshot("node").keys.sorted() == ["node.key", "node.pem", "root.pem"])
  }

  @Test func keyIsNeverOverwritten() throws {
    var city = try TestCity()
    let (store, _) = try enrolled(&city)
    let before = try city.folder.snapshot("node")
    #expect(code { try store.createKey(.generate()) } == .alreadyExists)
    #expect(try city.folder.snapshot("node") == before)
  }

  @Test(arguments: [0o640, 0o604, 0o620, 0o601, 0o644])
  func keyThatOthersCanReachIsRefusedWithItsCure(mode: Int) throws {
    var city = try TestCity()
    let (store, _) = try enrolled(&city)
    try city.folder.setMode(mode, of: "node/node.key")
    #expect {
      try store.load()
    } throws: { error in
      let error = error as? IdentityError
      let file = city.folder.path("node/node.key")
      return error?.code == .exposedKey && error?.message.contains("chmod 600 \(file)") == true
        && error?.message.contains(String(mode, radix: 8)) == true
    }
    try city.folder.setMode(0o400, of: "node/node.key")
    _ = try store.load()
  }

  @Test func chainOfAnotherKeyOrAnotherCAIsNotInstalled() throws {
    var city = try TestCity()
    var foreign = try TestCity()
    let (store, key) = try enrolled(&city)
    let before = try city.folder.snapshot("node")
    let roots = city.authority.roots
    let ofAnotherKey = try city.issue(.generate())
    let ofAnotherCA = try foreign.issue(key)
    #expect(code { try store.install(ofAnotherKey, roots: roots) } == .mismatch)
    #expect(code { try store.install(ofAnotherCA, roots: roots) } == .mismatch)
    #expect(try city.folder.snapshot("node") == before)
  }

  @Test func renewalBringsTheNewKeyIntoForceAndLeavesNothingBehind() throws {
    var city = try TestCity()
    let (store, old) = try enrolled(&city)
    let next = try store.beginRenewal(with: .generate())
    #expect(try store.load().key.keyID == old.keyID)
    #expect(try city.folder.mode("node/node.key.next") == 0o600)
    let again = try store.beginRenewal(with: .generate())
    #expect(again.keyID == next.keyID)
    let renewed = try store.completeRenewal(city.issue(next))
    #expect(renewed.key.keyID == next.keyID)
    #expect(try store.load().key.keyID == next.keyID)
    #expect(try city.folder.snapshot("node").keys.sorted() == ["node.key", "node.pem", "root.pem"])
    #expect(try city.folder.mode("node/node.key") == 0o600)
  }

  @Test func renewalCutAfterItsDecidingStepIsFinishedByTheNextLoad() throws {
    var city = try TestCity()
    let (store, _) = try enrolled(&city)
    let next = try store.beginRenewal(with: .generate())
    // What a crash leaves: the new chain in force, the keys not yet exchanged.
    _ = try city.folder.write(city.issue(next).pem, to: "node/node.pem")
    #expect(try store.load().key.keyID == next.keyID)
    #expect(try city.folder.snapshot("node").keys.sorted() == ["node.key", "node.pem", "root.pem"])
    #expect(try store.readKey().keyID == next.keyID)
  }

  @Test func renewalCutBeforeItsDecidingStepChangesNothing() throws {
    var city = try TestCity()
    let (store, old) = try enrolled(&city)
    let next = try store.beginRenewal(with: .generate())
    _ = try city.folder.write("half a chain", to: "node/node.pem.new")
    #expect(try store.load().key.keyID == old.keyID)
    #expect(try store.completeRenewal(city.issue(next)).key.keyID == next.keyID)
    #expect(try city.folder.snapshot("node").keys.sorted() == ["node.key", "node.pem", "root.pem"])
  }

  @Test func renewalUnderAnotherNameOrWithoutABeginningIsRefused() throws {
    var city = try TestCity()
    let (store, key) = try enrolled(&city)
    let same = try city.issue(key)
    #expect(code { _ = try store.completeRenewal(same) } == .notFound)
    let next = try store.beginRenewal(with: .generate())
    let otherName = try city.issue(next, to: "donghai-xian")
    #expect(code { _ = try store.completeRenewal(otherName) } == .mismatch)
    #expect(code { _ = try store.completeRenewal(same) } == .mismatch)
    #expect(try store.load().key.keyID == key.keyID)
  }

  @Test func missingDamagedOrStrangeFilesAreNamed() throws {
    var city = try TestCity()
    #expect(code { _ = try NodeKeyStore(path: city.folder.path("none")).load() } == .notFound)
    let (store, _) = try enrolled(&city)
    _ = try city.folder.write("-----BEGIN CERTIFICATE-----\nAA", to: "node/node.pem")
    #expect(code { _ = try store.load() } == .malformed)
    _ = try city.folder.write(String(repeating: "x", count: 300_000), to: "node/node.pem")
    #expect(code { _ = try store.load() } == .malformed)
    try FileManager.default.removeItem(atPath: city.folder.path("node/node.pem"))
    try FileManager.default.createDirectory(
      atPath: city.folder.path("node/node.pem"), withIntermediateDirectories: false)
    #expect(code { _ = try store.load() } == .malformed)
  }
}
