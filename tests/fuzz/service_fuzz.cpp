// fer-serve without its connections: a request, its work, and the answer. With the smallest
// released model and no detector: a picture is a face.
#include <cstdlib>
#include <future>
#include <nlohmann/json.hpp>

#include "fer/serve/problem.h"
#include "fer/serve/service.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/request.h"

namespace fer::fuzz {

namespace {

const serve::Config& small_service() {
  static const serve::Config config = [] {
    serve::Config small;
    small.models = {FER_SOURCE_DIR "/models/nano.safetensors"};
    small.detector.name = "none";
    small.limits.pictures = 4;
    small.limits.crops = 4;
    small.limits.pixels = 100'000;
    return small;
  }();
  return config;
}

void check(const serve::Response& response) {
  require(response.status >= 200 && response.status != 500, "no answer is an internal error");
  if (response.type.find("json") == response.type.npos) return;
  require(nlohmann::json::accept(response.body), "an answer is JSON");
}

serve::Response answer(serve::Service& service, serve::Request request) {
  auto answered = std::make_shared<std::promise<serve::Response>>();
  const auto exchange = std::make_shared<serve::Exchange>(
      std::move(request), [answered](serve::Response given) { answered->set_value(given); });
  service.handle(exchange, [] { return serve::Gauges(); });
  return answered->get_future().get();
}

}  // namespace

void service(std::string_view bytes) {
  static serve::Service service(small_service());
  try {
    check(answer(service, request_of(bytes)));
  } catch (const serve::Problem& problem) {  // a bad address; fer-serve's connection catches it
    check(problem.response());
  }
}

}  // namespace fer::fuzz
