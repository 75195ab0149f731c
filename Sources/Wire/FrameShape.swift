import Ledger
import Replication

extension FieldCensus.Shape {
  /// The shape of `Frame` in `liandong.proto`: every message and every repeated field of it.
  static let frame: Self = {
    let chain = Self([
      1: Rule(name: "certificates", most: ReplicationBounds.chainCertificates, shape: nil)
    ])
    let chains = Rule(name: "chains", most: WireBounds.chains, shape: chain)
    let withheld = Rule(name: "withheld", most: LedgerBounds.commitEvents, shape: Self([:]))
    let commit = Self([
      3: Rule(name: "events", most: LedgerBounds.commitEvents, shape: nil), 4: withheld,
    ])
    func shipment(_ name: String, commits: Int) -> Rule {
      let shape = Self([1: chains, 2: Rule(name: "commits", most: commits, shape: commit)])
      return Rule(name: name, most: 1, shape: shape)
    }
    func one(_ name: String, _ shape: Self = Self([:])) -> Rule {
      Rule(name: name, most: 1, shape: shape)
    }
    let held = Self([1: one("fresh"), 2: one("at"), 3: one("void")], isChoice: true)
    let item = Self(
      [1: one("commit", commit), 2: Rule(name: "mark", most: 1, shape: nil)], isChoice: true)
    let items = Rule(name: "items", most: ReplicationBounds.batchItems, shape: item)
    let claim = Self(
      [
        3: one("fingerprint"), 4: Rule(name: "items", most: 1, shape: nil),
        5: Rule(name: "answer", most: 1, shape: nil),
      ], isChoice: true)
    let claims = Rule(name: "claims", most: ReplicationBounds.hashesPerFrame, shape: claim)
    let notices = Rule(name: "notices", most: ReplicationBounds.hashesPerFrame, shape: Self([:]))
    return Self(
      [
        1: one("hello", Self([7: one("urgent", held), 8: one("bulk", held)])),
        2: shipment("trees", commits: ReplicationBounds.trees),
        3: one("batch", Self([2: one("start"), 3: chains, 4: items])),
        4: one("acknowledgement"),
        5: one("noted", Self([1: one("urgent"), 2: one("bulk")])),
        6: one("compare", Self([1: claims])),
        7: one("want"),
        8: shipment("repair", commits: ReplicationBounds.hashesPerFrame),
        9: one("set_aside", Self([1: notices])),
        10: one("ping"),
        11: one("goodbye"),
      ], isChoice: true)
  }()
}
