// The readers of fer-serve: addresses, the three kinds of bodies, and the headers for access
// control. Bounds are small here, so that small bodies reach them.
#include <nlohmann/json.hpp>

#include "fer/serve/access_rules.h"
#include "fer/serve/analyze.h"
#include "fer/serve/inference_protocol.h"
#include "fer/serve/multipart.h"
#include "fer/serve/parameters.h"
#include "fer/serve/picture_input.h"
#include "fer/serve/problem.h"
#include "fer/serve/query.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/request.h"

namespace fer::fuzz {

namespace {

constexpr std::size_t kMost = 4;  // pictures, or faces

// A problem is a client's mistake, and can be sent to it.
template <class Read>
void may_be_refused(const Read& read) {
  try {
    read();
  } catch (const serve::Problem& problem) {
    require(problem.status() >= 400 && problem.status() < 500, "a client's mistake is a 4xx");
    require(!problem.response().body.empty(), "a problem can be told");
  }
}

void as_pictures(serve::Request request) {
  const serve::PictureInput input = serve::picture_input(request, kMost);
  require(!input.pictures.empty() && input.pictures.size() <= kMost, "pictures are bounded");
}

void as_deepface(serve::Request request) {
  require(serve::deepface::analyze_request(request, kMost).input.pictures.size() <= kMost,
          "pictures to analyze are bounded");
}

void as_tensors(serve::Request request) {
  const auto read = serve::kserve::infer_request(request, FaceFormat{}, kMost);
  require(!read.faces.empty() && read.faces.size() <= kMost, "faces are bounded");
}

void as_head(const serve::Request& request) {
  const std::string& text = request.content_type;
  serve::same_secret(text, "secret");
  require(serve::bearer_token(text).size() <= text.size(), "a token is a part of its header");
  serve::origin_allowed(text, request.json_bytes, {});
  serve::is_loopback(text);
  serve::carries_pictures(text);
}

}  // namespace

void request(std::string_view bytes) {
  may_be_refused([&] {
    const serve::Request asked = request_of(bytes);
    as_head(asked);
    may_be_refused([&] { as_pictures(asked); });
    may_be_refused([&] { as_deepface(asked); });
    may_be_refused([&] { as_tensors(asked); });
    may_be_refused([&] {
      serve::PredictParameters parameters;
      serve::read_parameters(serve::fields_of(asked.body), "form field", parameters);
    });
  });
}

}  // namespace fer::fuzz
