/// What `--json` writes: the contract `liandong.demo/1`.
struct DemoReport: Encodable {
  struct Input: Encodable {
    var rows = 0
    var leads = 0
    var rejected = 0
    var duplicate = 0
  }

  struct Node: Encodable {
    let region: String
    let tier: String
    let incarnation: UInt32
    let commits: Int64
    let events: UInt64
    let leads: Int64
    let directives: Int64
    let set_aside: Int64
    let conflicts_open: Int64
    let verified: Bool
  }

  struct Scope: Encodable {
    let region: String
    let holders: [String]
    let digests: [String]
    let agree: Bool
  }

  let schema = "liandong.demo/1"
  var ok = false
  var seconds = 0.0
  var tls = ""
  var input = Input()
  var kills = 0
  var nodes: [Node] = []
  var scopes: [Scope] = []
  /// Why it did not come to its end; absent where it did.
  var failure: String?
}
