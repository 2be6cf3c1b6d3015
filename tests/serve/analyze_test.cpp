#include "fer/serve/analyze.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fer/serve/assets.h"
#include "fer/serve/problem.h"
#include "support/catch.h"

namespace fer::serve::deepface {
namespace {

using Catch::Matchers::ContainsSubstring;

// A form with a picture and these actions.
AnalyzeRequest read(const std::string& actions) {
  Request request;
  request.content_type = "multipart/form-data; boundary=x";
  request.body =
      "--x\r\nContent-Disposition: form-data; name=\"img\"; filename=\"a.png\"\r\n\r\nP\r\n"
      "--x\r\nContent-Disposition: form-data; name=\"actions\"\r\n\r\n" +
      actions + "\r\n--x--\r\n";
  return analyze_request(request, 1);
}

TEST_CASE("Of deepface's actions a form may name emotion", "[serve][unit]") {
  CHECK(read(R"(["emotion"])").input.pictures.size() == 1);
  for (const char* actions : {"emotion", "['emotion']", "(\"emotion\")", "[ emotion ]"}) {
    CHECK(read(actions).input.pictures.size() == 1);
  }
  for (const char* actions : {"", "[", "['emotion', 'age']", "emotion,", "emotions"}) {
    CHECK_THROWS_WITH(read(actions), ContainsSubstring("emotion alone"));
  }
  CHECK_THROWS_WITH(read(R"(["age"])"), ContainsSubstring("emotion alone"));
}

// The detector for a request that names it as deepface does.
std::string detector_for(const std::string& backend) {
  Request request;
  request.content_type = "application/json";
  request.body =
      R"({"img": "UA==", "actions": ["emotion"], "detector_backend": ")" + backend + R"("})";
  return analyze_request(request, 1).input.parameters.detector;
}

TEST_CASE("deepface's names for detectors become fer's", "[serve][unit]") {
  CHECK(detector_for("opencv") == "haar");
  CHECK(detector_for("yunet") == "yunet");
  CHECK(detector_for("skip") == "none");
  CHECK(detector_for("auto").empty());  // the service's own
  for (const char* unknown : {"retinaface", "haar", ""}) {
    CAPTURE(unknown);
    CHECK_THROWS_AS(detector_for(unknown), Problem);
  }
}

TEST_CASE("openapi.json lists deepface's names for the detectors that there are", "[serve][unit]") {
  const auto json = nlohmann::json::parse(find_asset("/openapi.json")->content);
  const auto& request = json["components"]["schemas"]["AnalyzeRequest"]["properties"];
  CHECK(request["detector_backend"]["enum"] == nlohmann::json(backends()));
}

TEST_CASE("Actions of lists in lists, and many of them, are other ones",
          "[serve][unit][bad-input]") {
  for (const char* piece : {"[", "[],", "\"emotion\","}) {
    std::string actions = "[";
    while (actions.size() < 1'000'000) actions += piece;
    CHECK_THROWS_WITH(read(actions), ContainsSubstring("emotion alone"));
  }
}

}  // namespace
}  // namespace fer::serve::deepface
