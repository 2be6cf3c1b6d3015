#include "fer/ranks/agreement.h"

#include <nlohmann/json.hpp>

#include "fer/core/error.h"
#include "fer/core/json_text.h"
#include "fer/core/option_error.h"
#include "fer/core/options.h"

namespace fer::ranks {

using nlohmann::json;

void check_same_request(const json& request, Ranks& ranks) {
  const json first = parse_json(ranks.from_first(json_text(request)));
  for (const auto& [key, value] : first.items()) {
    const json mine = request.value(key, json());
    if (mine == value) continue;
    const std::string name = key == "version" ? "version" : option(key);
    throw Error(name + " is " + plain_text(mine) + " here, and " + plain_text(value) +
                " on rank 0; all processes of a run need the same options");
  }
  ranks.wait_for_all();
}

void check_same_content(const std::string& fingerprint, const std::string& what,
                        const std::string& wanted, Ranks& ranks) {
  const std::string first = ranks.from_first(fingerprint);
  if (first == fingerprint) return ranks.wait_for_all();
  throw Error(what + " (fingerprint " + fingerprint + ", rank 0's have " + first + ")" + wanted);
}

}  // namespace fer::ranks
