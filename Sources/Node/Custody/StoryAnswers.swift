import Casework
import Ledger
import Regions
import Store

/// The head of a lead's story: schema `liandong.timeline/1`. A line for each event follows.
package struct StoryHead: Codable, Hashable, Sendable {
  /// An office that the story asks about.
  package struct Office: Codable, Hashable, Sendable {
    package let region: String
    /// Absent where the tree does not know the region.
    package let tier: String?
    package let name: String?
  }

  /// Two versions of which one stands, and what was decided.
  package struct Conflict: Codable, Hashable, Sendable {
    package let slot: String
    /// The events that stand and that lost.
    package let winner: String
    package let loser: String
    /// `confirmed` or `redone`; absent while the conflict is open.
    package let verdict: String?
    /// The event that decided.
    package let decidedBy: String?
  }

  package static let schemaName = "liandong.timeline/1"

  package let schema: String
  package let lead: String
  package let number: String?
  package let title: String?
  package let stage: String?
  package let stageName: String?
  /// How many lines follow.
  package let events: Int
  package let offices: [Office]
  /// How many further offices of the audience the story does not ask about.
  package let officesLeftOut: Int
  package let conflicts: [Conflict]
  /// Events and rules files that are named and not here.
  package let missing: [String]
}

/// One event of a lead's story, and who knew of it: schema `liandong.timeline_event/1`.
package struct StoryLine: Codable, Hashable, Sendable {
  /// Since when, at the latest, an office held the event.
  package struct Known: Codable, Hashable, Sendable {
    package let region: String
    /// RFC 3339: the office's own clock where it `wrote`, else this node's.
    package let since: String
    /// `wrote`, `accepted`, `sent` or `acknowledged`.
    package let by: String
    /// What the office wrote that shows it.
    package let event: String?
  }

  package static let schemaName = "liandong.timeline_event/1"

  package let schema: String
  /// The event's place in the story, from 1.
  package let place: Int
  package let event: TimelineLine
  /// The office's name, where the ledger tells it.
  package let regionName: String?
  /// `urgent` or `bulk`.
  package let lane: String
  /// The neighbour that sent it first; absent where this node wrote it.
  package let from: String?
  /// By which rule it lost, where it is superseded.
  package let rule: String?
  /// What stands after it by its ancestors alone; absent where it is not folded.
  package let stageAfter: String?
  package let stageName: String?
  /// `starts`, `suspends`, `resumes` or `extends`; absent where it leaves the clocks as they are.
  package let clock: String?
  package let missingParents: [String]
  package let known: [Known]
  /// The offices of which nothing shows that they held it.
  package let notKnown: [String]
}

/// One line of the answer of `lead timeline`.
package enum StoryRecord: Codable, Hashable, Sendable {
  case head(StoryHead)
  case line(StoryLine)

  private enum CodingKeys: CodingKey { case schema }

  package init(from decoder: any Decoder) throws {
    let schema = try decoder.container(keyedBy: CodingKeys.self)
      .decode(String.self, forKey: .schema)
    self =
      schema == StoryHead.schemaName
      ? .head(try StoryHead(from: decoder)) : .line(try StoryLine(from: decoder))
  }

  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .head(let head): try head.encode(to: encoder)
    case .line(let line): try line.encode(to: encoder)
    }
  }
}
