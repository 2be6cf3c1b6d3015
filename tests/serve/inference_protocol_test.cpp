#include "fer/serve/inference_protocol.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fer/serve/problem.h"
#include "support/catch.h"

namespace fer::serve::kserve {
namespace {

using nlohmann::json;

Request asking(const std::vector<int>& shape, const json& data) {
  Request request;
  request.body =
      json{{"inputs",
            {{{"name", "faces"}, {"datatype", "UINT8"}, {"shape", shape}, {"data", data}}}}}
          .dump();
  return request;
}

// The error message for a request that is refused.
std::string refusal(Request request, const FaceFormat& format) {
  try {
    infer_request(request, format, 4);
  } catch (const Problem& problem) {
    return problem.response().body;
  }
  return "none";
}

TEST_CASE("Faces are read in the format of the model", "[serve][unit]") {
  const FaceFormat grey{16, 16, Colour::grey}, rgb{16, 16, Colour::rgb};
  std::vector<int> levels(2 * 16 * 16 * 3);
  for (std::size_t i = 0; i < levels.size(); ++i) levels[i] = static_cast<int>(i % 251);
  Request colours = asking({2, 16, 16, 3}, levels);
  const InferRequest read = infer_request(colours, rgb, 4);
  REQUIRE(read.faces.size() == 2);
  CHECK(read.faces.format() == rgb);
  CHECK(read.faces[1].bytes[5] == (16 * 16 * 3 + 5) % 251);
  levels.resize(16 * 16);
  for (const std::vector<int>& shape : {std::vector<int>{1, 16, 16}, {1, 1, 16, 16}}) {
    Request request = asking(shape, levels);
    CHECK(infer_request(request, grey, 4).faces.size() == 1);
  }
}

TEST_CASE("Faces of another format are refused with the shape that the model takes",
          "[serve][unit]") {
  using Catch::Matchers::ContainsSubstring;
  const FaceFormat grey{64, 64, Colour::grey}, rgb{112, 112, Colour::rgb};
  const std::vector<int> few(3, 1);
  CHECK_THAT(refusal(asking({1, 48, 48}, few), grey),
             ContainsSubstring("[N,64,64] or [N,1,64,64]"));
  CHECK_THAT(refusal(asking({1, 112, 112}, few), rgb), ContainsSubstring("[N,112,112,3]"));
  CHECK_THAT(refusal(asking({1, 3, 112, 112}, few), rgb), ContainsSubstring("[N,112,112,3]"));
  CHECK_THAT(refusal(asking({1, 112, 112, 3}, few), rgb), ContainsSubstring("37632 levels"));
  CHECK_THAT(refusal(asking({9, 112, 112, 3}, few), rgb), ContainsSubstring("1 to 4"));
}

}  // namespace
}  // namespace fer::serve::kserve
