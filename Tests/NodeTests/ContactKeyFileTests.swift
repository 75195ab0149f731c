import Foundation
import Intake
import Ledger
import Node
import Regions
import Testing

/// The file of contacts' keys against a dictionary.
@Suite(.timeLimit(.minutes(10))) struct ContactKeyFileTests {
  private static let region = RegionID("lake0")

  private struct Numbers: RandomNumberGenerator {
    var state: SplitMix64

    mutating func next() -> UInt64 { state.next() }
  }

  private static func key(_ number: Int) throws -> (name: Hash, key: ContactKey) {
    let key = try #require(ContactKey(Hash(of: Array("key \(number)".utf8)).bytes))
    return (key.name(by: try #require(region)), key)
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func `it holds what a dictionary holds, also when it is opened again`(seed: UInt64) throws {
    let scratch = try ScratchHome()
    let home = scratch.home
    var chance = Numbers(state: SplitMix64(seed: seed))
    var file = try ContactKeyFile.open(in: home)
    var model: [Hash: ContactKey] = [:]
    for _ in 0..<300 {
      switch Int.random(in: 0..<10, using: &chance) {
      case 0..<6:
        let keys = try (0..<Int.random(in: 1...3, using: &chance)).map { _ in
          try Self.key(Int.random(in: 0..<60, using: &chance))
        }
        try file.add(keys)
        for (name, key) in keys { model[name] = key }
      case 6..<9:
        let name = try Self.key(Int.random(in: 0..<60, using: &chance)).name
        try file.erase([name])
        model[name] = nil
      default: file = try ContactKeyFile.open(in: home)
      }
    }
    let bytes = try Data(contentsOf: URL(filePath: home.path(of: "contact.keys")))
    for number in 0..<60 {
      let (name, key) = try Self.key(number)
      #expect(try file.key(name) == model[name], "seed \(seed), key \(number)")
      #expect((bytes.range(of: Data(key.bytes)) != nil) == (model[name] != nil))
    }
  }

  @Test func `a slot that a crash tore hides no other, and is written over`() throws {
    let scratch = try ScratchHome()
    let home = scratch.home
    let path = URL(filePath: home.path(of: "contact.keys"))
    let (first, second) = (try Self.key(1), try Self.key(2))
    try ContactKeyFile.open(in: home).add([first, second])
    for length in 64..<128 {
      try Data(contentsOf: path).prefix(length).write(to: path)
      let file = try ContactKeyFile.open(in: home)
      #expect(try file.key(first.name) == first.key)
      #expect(!file.holds(second.name))
      try file.add([second])
      #expect(try ContactKeyFile.open(in: home).key(second.name) == second.key)
    }
  }
}
