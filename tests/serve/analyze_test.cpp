#include "fer/serve/analyze.h"

#include <string>

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
  CHECK(read("emotion").input.pictures.size() == 1);
  CHECK_THROWS_WITH(read(R"(["age"])"), ContainsSubstring("emotion alone"));
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
