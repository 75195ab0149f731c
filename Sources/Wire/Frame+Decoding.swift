import FoundationEssentials
import Ledger
import Regions
import Replication

extension Liandong_Wire_V1_Frame {
  /// The frame that the message holds, every bound checked.
  func frame() throws(MalformedFrame) -> Frame {
    switch kind {
    case .hello(let hello):
      .hello(try at("hello") { () throws(MalformedFrame) in try hello.hello() })
    case .trees(let trees):
      .trees(try at("trees") { () throws(MalformedFrame) in try trees.shipment() })
    case .batch(let batch):
      .batch(try at("batch") { () throws(MalformedFrame) in try batch.batch() })
    case .acknowledgement(let acknowledgement):
      .acknowledgement(
        try at("acknowledgement") { () throws(MalformedFrame) in
          Acknowledgement(
            lane: try acknowledgement.lane.checked(),
            position: try Read.position(acknowledgement.position, "position"),
            movesCursor: acknowledgement.movesCursor)
        })
    case .noted(let noted):
      .noted(
        try at("noted") { () throws(MalformedFrame) in
          NotedHeads(
            heads: LanePair(
              urgent: try noted.urgent.cursor("urgent"), bulk: try noted.bulk.cursor("bulk")),
            count: try Read.position(noted.count, "count"))
        })
    case .compare(let compare):
      .compare(
        try at("compare") { () throws(MalformedFrame) in
          try each(compare.claims, "claims") { claim throws(MalformedFrame) in try claim.claim() }
        })
    case .want(let want):
      .want(
        try at("want") { () throws(MalformedFrame) in
          try Read.hashes(want.hashes, "hashes", most: ReplicationBounds.hashesPerFrame)
        })
    case .repair(let repair):
      .repair(try at("repair") { () throws(MalformedFrame) in try repair.shipment() })
    case .setAside(let setAside):
      .setAside(
        try at("set_aside") { () throws(MalformedFrame) in
          try each(setAside.notices, "notices") { one throws(MalformedFrame) in try one.notice() }
        })
    case .ping: .ping
    case .goodbye(let goodbye):
      .goodbye(try at("goodbye") { () throws(MalformedFrame) in try goodbye.goodbye() })
    case nil: throw MalformedFrame("of no known kind", at: "")
    }
  }
}

extension Liandong_Wire_V1_Hello {
  fileprivate func hello() throws(MalformedFrame) -> Hello {
    guard 1 <= lowestProtocol, lowestProtocol <= highestProtocol else {
      throw MalformedFrame("no range: \(lowestProtocol) to \(highestProtocol)", at: "protocol")
    }
    return Hello(
      protocolVersions: lowestProtocol...highestProtocol,
      region: try Read.regionID(region, "region"),
      incarnation: try Read.positive(incarnation, "incarnation"),
      software: try Read.text(software, "software", most: WireBounds.softwareBytes),
      trees: try Read.hashes(trees, "trees", most: ReplicationBounds.trees),
      cursors: LanePair(
        urgent: try urgent.held("urgent"), bulk: try bulk.held("bulk")))
  }
}

extension Liandong_Wire_V1_HeldCursor {
  fileprivate func held(_ name: String) throws(MalformedFrame) -> HeldCursor {
    switch kind {
    case .fresh: .fresh
    case .at(let cursor): .at(try cursor.cursor("\(name).at"))
    case .void: .void
    case nil: throw MalformedFrame("of no known kind", at: name)
    }
  }
}

extension Liandong_Wire_V1_Cursor {
  fileprivate func cursor(_ name: String) throws(MalformedFrame) -> Cursor {
    try at(name) { () throws(MalformedFrame) in
      Cursor(
        incarnation: try Read.positive(incarnation, "incarnation"),
        position: try Read.position(position, "position"),
        running: try Read.hash(running, "running"))
    }
  }
}

extension Liandong_Wire_V1_CertificateChain {
  fileprivate func chain() throws(MalformedFrame) -> CertificateChain {
    guard (1...ReplicationBounds.chainCertificates).contains(certificates.count) else {
      throw MalformedFrame("\(certificates.count) certificates", at: "certificates")
    }
    return try each(certificates, "certificates") { der throws(MalformedFrame) in
      guard (1...ReplicationBounds.certificateBytes).contains(der.count) else {
        throw MalformedFrame("\(der.count) bytes", at: "")
      }
      return [UInt8](der)
    }
  }
}

extension Liandong_Wire_V1_Commit {
  fileprivate func commit() throws(MalformedFrame) -> Commit {
    guard stamp.count <= WireBounds.stampBytes else {
      throw MalformedFrame("\(stamp.count) bytes", at: "stamp")
    }
    let before = previous.isEmpty ? .zero : try Read.hash(previous, "previous")
    let parts = try parts()
    do {
      return try Commit(
        stampBytes: [UInt8](stamp), previous: before, parts: parts, signature: [UInt8](signature))
    } catch {
      throw MalformedFrame("\(error)", at: "")
    }
  }

  private func parts() throws(MalformedFrame) -> [Commit.Part] {
    let absent = try each(withheld, "withheld") {
      one throws(MalformedFrame) -> CommitParts.Withheld in
      (one.place, try Read.hash(one.hash, "hash"))
    }
    return try CommitParts.joined(events.map { .event([UInt8]($0)) }, absent)
  }
}

extension Liandong_Wire_V1_Shipment {
  fileprivate func shipment() throws(MalformedFrame) -> Shipment {
    Shipment(
      chains: try each(chains, "chains") { chain throws(MalformedFrame) in try chain.chain() },
      commits: try each(commits, "commits") { one throws(MalformedFrame) in try one.commit() })
  }
}

extension Liandong_Wire_V1_Lane {
  fileprivate func checked() throws(MalformedFrame) -> Lane {
    switch self {
    case .urgent: .urgent
    case .bulk: .bulk
    case .unspecified, .UNRECOGNIZED: throw MalformedFrame("unknown lane \(rawValue)", at: "lane")
    }
  }
}

extension Liandong_Wire_V1_Batch {
  fileprivate func batch() throws(MalformedFrame) -> Batch {
    var commits = 0
    let items = try each(items, "items") { item throws(MalformedFrame) -> Batch.Item in
      switch item.kind {
      case .commit(let commit):
        commits += 1
        guard commits <= ReplicationBounds.batchCommits else {
          throw MalformedFrame("more than \(ReplicationBounds.batchCommits) commits", at: "")
        }
        return .commit(try commit.commit())
      case .mark(let mark): return .mark(try Read.hash(mark, "mark"))
      case nil: throw MalformedFrame("of no known kind", at: "")
      }
    }
    return Batch(
      lane: try lane.checked(), start: try start.cursor("start"),
      chains: try each(chains, "chains") { chain throws(MalformedFrame) in try chain.chain() },
      items: items)
  }
}

extension Liandong_Wire_V1_RangeClaim {
  fileprivate func claim() throws(MalformedFrame) -> RangeClaim {
    let lower = try Read.key(lower, "lower")
    let upper = upper.isEmpty ? nil : try Read.key(upper, "upper")
    if let upper, upper < lower { throw MalformedFrame("before the lower end", at: "upper") }
    let content: RangeClaim.Content
    switch self.content {
    case .fingerprint(let print):
      content = .fingerprint(
        Fingerprint(
          count: try Read.position(print.count, "fingerprint.count"), high: print.high,
          low: print.low))
    case .items(let bytes): content = .items(try Read.keys(bytes, "items"))
    case .answer(let bytes):
      content = .answer(
        try Read.keys(bytes, "answer", atMost: RangeComparison.itemsPerAnswer))
    case nil: throw MalformedFrame("of no known kind", at: "content")
    }
    return RangeClaim(lower: lower, upper: upper, content: content)
  }
}

extension Liandong_Wire_V1_SetAsideNotice {
  fileprivate func notice() throws(MalformedFrame) -> SetAsideNotice {
    guard (1...WireBounds.signed).contains(sequence) else {
      throw MalformedFrame("\(sequence) is out of range", at: "sequence")
    }
    return SetAsideNotice(
      commit: try Read.hash(commit, "commit"),
      origin: Origin(
        region: try Read.regionID(region, "region"),
        incarnation: try Read.positive(incarnation, "incarnation")),
      sequence: sequence, reason: try Read.text(reason, "reason", most: WireBounds.textBytes))
  }
}

extension Liandong_Wire_V1_Goodbye {
  fileprivate func goodbye() throws(MalformedFrame) -> Goodbye {
    guard let number = UInt8(exactly: reason.rawValue), number > 0,
      let reason = Goodbye.Reason(rawValue: number - 1)
    else { throw MalformedFrame("unknown reason \(reason.rawValue)", at: "reason") }
    return Goodbye(
      reason: reason, message: try Read.text(message, "message", most: WireBounds.textBytes),
      retryAfterSeconds: hasRetryAfterSeconds ? retryAfterSeconds : nil)
  }
}
