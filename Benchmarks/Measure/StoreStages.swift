import Casework
import Foundation
import Ledger
import Regions
import Replication
import Store
import Wire

/// Measures what one event costs at each stage of its way from a township to the hub, in one process
/// and without a network: three stores in files, synchronous FULL, the batches of a link.
///
/// Prints one line of JSON per commit size with microseconds per event and stage, elapsed and of
/// processor time. What it tells is
/// where time goes; the section `sync` tells how fast the product is.
struct StoreStages {
  /// How many events are written before one transaction ends, as the node's writer groups them.
  private static let eventsPerTransaction = 64

  let folder: String
  let events: Int
  let commitSizes: [Int]
  /// The most bytes of a batch; one commit is the least, as on an idle link.
  let batchBytes: Int

  /// What a stage took, in nanoseconds.
  private struct Cost {
    var elapsed: UInt64 = 0
    var processor: UInt64 = 0
  }

  private enum Stage: String, CaseIterable {
    case author, outboxRead = "outbox_read", end = "batch_end", encode, decode
    case takeDistrict = "take_district", relayRead = "relay_read", relayEncode = "relay_encode"
    case relayDecode = "relay_decode", takeHub = "take_hub"
  }

  func run() throws {
    for size in commitSizes {
      let place = folder + "/stages-\(size)"
      defer { try? FileManager.default.removeItem(atPath: place) }
      try measure(size, in: place)
    }
  }

  private func measure(_ size: Int, in place: String) throws {
    let hub = try StageOffice(
      region: Self.region("bench-shi"), tier: .city, below: place, authority: StageAuthority())
    let district = try StageOffice(
      region: Self.region("bench-qu"), tier: .district, below: place,
      authority: StageAuthority())
    let township = try StageOffice(
      region: Self.region("bench-zhen"), tier: .township, below: place,
      authority: StageAuthority())
    let tree = try LinkTree(entries: [
      .init(id: hub.region, tier: .city, parent: nil),
      .init(id: district.region, tier: .district, parent: hub.region),
      .init(id: township.region, tier: .township, parent: district.region),
    ])
    try hub.publish(tree)
    try learnTree(of: hub, at: [district, township])

    var costs: [Stage: Cost] = [:]
    var workload = Workload(
      seed: 1, township: "新浦街道", region: township.region, regionNumber: 101,
      rules: Casework.Process.firstCut.hash)
    try timed(&costs, .author) { try author(size, at: township, &workload) }
    var wireBytes = 0
    try carry(
      from: township, to: district, &costs,
      stages: (.outboxRead, .encode, .decode, .takeDistrict), &wireBytes)
    try carry(
      from: district, to: hub, &costs,
      stages: (.relayRead, .relayEncode, .relayDecode, .takeHub), &wireBytes)
    let held = try hub.store.read { try $0.identity().eventCount }
    guard held >= UInt64(events) else { throw BenchError("the hub holds \(held) events only") }
    try report(size, costs, workload.meanEventBytes, wireBytes)
    for office in [hub, district, township] { try office.store.close() }
  }

  private static func region(_ text: String) throws -> RegionID {
    guard let region = RegionID(text) else { throw BenchError("\(text) is no region id") }
    return region
  }

  private func learnTree(of hub: StageOffice, at offices: [StageOffice]) throws {
    let shipments = try hub.store.read { try $0.referenceData() }
    for office in offices {
      for shipment in shipments {
        _ = try office.store.write(now: StageClock.wallMilliseconds()) {
          _ = try $0.take(shipment, from: hub.region)
        }
      }
    }
  }

  private func author(_ size: Int, at office: StageOffice, _ workload: inout Workload) throws {
    var left = events
    while left > 0 {
      _ = try office.store.write(now: StageClock.wallMilliseconds()) { transaction in
        var room = max(Self.eventsPerTransaction, size)
        while left > 0, room > 0 {
          let count = min(size, left)
          try workload.write(events: count, in: transaction)
          left -= count
          room -= count
        }
      }
    }
  }

  private func carry(
    from sender: StageOffice, to receiver: StageOffice, _ costs: inout [Stage: Cost],
    stages: (read: Stage, encode: Stage, decode: Stage, take: Stage), _ wireBytes: inout Int
  ) throws {
    var position: UInt64 = 0
    let heads = try sender.store.read { try $0.outboxHeads(of: receiver.region) }
    while position < heads.bulk {
      var (batch, chains) = try timed(&costs, stages.read) {
        try sender.store.read {
          try $0.batch(
            for: receiver.region, lane: .bulk, from: position,
            maximumBytes: batchBytes)
        }
      }
      if position == 0 { batch.chains = chains.values.map { $0 } }
      let bytes = timed(&costs, stages.encode) { FrameCodec.encode(batch) }
      wireBytes += bytes.count
      let frame = try timed(&costs, stages.decode) { try FrameCodec.decode(bytes) }
      guard case .batch(let arrived) = frame else { throw BenchError("a batch came back changed") }
      timed(&costs, .end) { position = batch.endPosition }
      let outcome = try timed(&costs, stages.take) {
        try receiver.store.write(now: StageClock.wallMilliseconds()) {
          try $0.take(arrived, from: sender.region, movesCursor: true)
        }
      }
      if let notice = outcome.result.setAside.first { throw BenchError(notice.reason) }
    }
  }

  @discardableResult
  private func timed<Result>(
    _ costs: inout [Stage: Cost], _ stage: Stage, _ body: () throws -> Result
  ) rethrows -> Result {
    let (began, used) = (StageClock.nanoseconds(), StageClock.processorNanoseconds())
    let result = try body()
    costs[stage, default: Cost()].elapsed += StageClock.nanoseconds() - began
    costs[stage, default: Cost()].processor += StageClock.processorNanoseconds() - used
    return result
  }

  private func report(
    _ size: Int, _ costs: [Stage: Cost], _ meanBytes: Double, _ wireBytes: Int
  ) throws {
    var line: [String: Double] = [
      "events": Double(events), "events_per_commit": Double(size),
      "event_bytes": meanBytes.rounded(),
      "wire_bytes_per_event_and_hop": (Double(wireBytes) / Double(2 * events)).rounded(),
    ]
    for stage in Stage.allCases {
      let cost = costs[stage] ?? Cost()
      line[stage.rawValue + "_us"] = perEvent(cost.elapsed)
      line[stage.rawValue + "_cpu_us"] = perEvent(cost.processor)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    print(String(decoding: try encoder.encode(line), as: UTF8.self))
  }

  /// Microseconds per event, to hundredths.
  private func perEvent(_ nanoseconds: UInt64) -> Double {
    (Double(nanoseconds) / 10 / Double(events)).rounded() / 100
  }
}
