#include "fer/serve/service.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <exception>
#include <new>
#include <utility>

#include "fer/core/class_colours.h"
#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/output/prediction_json.h"
#include "fer/report/colour.h"
#include "fer/serve/analyze.h"
#include "fer/serve/assets.h"
#include "fer/serve/faces_json.h"
#include "fer/serve/inference_protocol.h"
#include "fer/serve/problem.h"
#include "fer/serve/query.h"

namespace fer::serve {

namespace {

using Json = nlohmann::ordered_json;

bool is_form_or_json(std::string_view content_type) {
  const std::string type = media_type(content_type);
  return type == "multipart/form-data" || type == "application/json";
}

bool is_json_or_raw(std::string_view content_type) {
  const std::string type = media_type(content_type);
  return type == "application/json" || type == "application/octet-stream" || type.empty();
}

constexpr const char* kFormOrJson = "application/json, multipart/form-data";

// A new route is a line here, and a branch of handle() or handle_work(). {model} stands for one
// part of a path; segments_match() handles versions of models.
constexpr std::array<Route, 15> kRoutes = {{
    {.name = "/v1/predict",
     .methods = "POST",
     .works = true,
     .types = kPictureTypes,
     .takes = carries_pictures},
    {.name = "/v1/crops",
     .methods = "POST",
     .works = true,
     .types = kPictureTypes,
     .takes = carries_pictures},
    {.name = "/v1/stream", .methods = "GET", .open = true, .stream = true},
    {.name = "/v1/models", .methods = "GET"},
    {.name = "/analyze",
     .methods = "POST",
     .works = true,
     .types = kFormOrJson,
     .takes = is_form_or_json},
    {.name = "/v2", .methods = "GET"},
    {.name = "/v2/health/live", .methods = "GET", .open = true},
    {.name = "/v2/health/ready", .methods = "GET", .open = true},
    {.name = "/v2/models/{model}", .methods = "GET"},
    {.name = "/v2/models/{model}/ready", .methods = "GET"},
    {.name = "/v2/models/{model}/infer",
     .methods = "POST",
     .works = true,
     .types = "application/json, application/octet-stream",
     .takes = is_json_or_raw},
    {.name = "/metrics", .methods = "GET"},
    {.name = "/openapi.json", .methods = "GET", .open = true},
    {.name = "/", .methods = "GET", .open = true},
    {.name = "/page/{file}", .methods = "GET", .open = true},
}};

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments = parts_of(path.substr(path.empty() ? 0 : 1), '/');
  if (segments.size() > 1 && segments.back().empty()) segments.pop_back();
  // A model has one version, which clients may name.
  if (segments.size() >= 5 && segments[0] == "v2" && segments[1] == "models" &&
      segments[3] == "versions" && segments[4] == kserve::kVersion) {
    segments.erase(segments.begin() + 3, segments.begin() + 5);
  }
  return segments;
}

bool match(const std::vector<std::string>& path, const std::vector<std::string>& pattern) {
  return std::equal(path.begin(), path.end(), pattern.begin(), pattern.end(),
                    [](const std::string& given, const std::string& wanted) {
                      return wanted.starts_with("{") ? !given.empty() : given == wanted;
                    });
}

Response json_response(const Json& json) {
  return {.status = 200,
          .type = "application/json",
          .body = output::json_line(json) + "\n",
          .headers = {}};
}

Response asset_response(const Asset& asset) {
  Response response{.status = 200,
                    .type = std::string(asset.type),
                    .body = std::string(asset.content),
                    .headers = {{"Cache-Control", "no-cache"}}};
  if (asset.type.starts_with("text/html")) {
    response.headers.emplace_back(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        "media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'");
    response.headers.emplace_back("Permissions-Policy", "camera=(self), microphone=()");
  }
  return response;
}

// The colours of the classes, for pages; the same as in annotated pictures and reports.
Json colours_json(const LabelSet& labels) {
  Json colours = Json::array();
  for (const ClassColour& colour : class_colours(labels)) {
    colours.push_back(
        {{"on_white", report::hex(colour.on_white)}, {"on_dark", report::hex(colour.on_dark)}});
  }
  return colours;
}

Json models_json(Engine& engine) {
  Json models = Json::array();
  for (const auto& model : *engine.models.models()) {
    Json members = Json::array();
    for (const model::NamedModel& part : model->parts()) {
      members.push_back({{"name", part.name},
                         {"architecture", part.model.info.architecture},
                         {"licence", part.model.info.licence},
                         {"data", part.model.info.training.data},
                         {"weight", part.weight}});
    }
    models.push_back({{"name", model->name()},
                      {"labels", model->labels().names()},
                      {"colours", colours_json(model->labels())},
                      {"members", members}});
  }
  const auto names = infer::choice_names(infer::Tta());
  return {{"models", models},
          {"detectors", engine.detectors.names()},
          {"usual_detector", engine.detectors.usual()},
          {"tta", std::vector<std::string>(names.begin(), names.end())}};
}

std::string model_in(const std::string& path) { return segments_of(path).at(2); }

// Whether the client prefers a picture to JSON.
bool wants_picture(const std::string& accept) { return accept.find("image/jpeg") != accept.npos; }

Response predict_response(const std::vector<PictureAnswer>& answers, const PictureInput& input,
                          const ServedModel& model, const std::string& detector,
                          const std::string& accept) {
  if (input.single && answers.front().prediction.frame.failed()) {
    throw Problem(422, answers.front().prediction.frame.error).in("body");
  }
  if (input.single && input.parameters.annotate && wants_picture(accept)) {
    return {.status = 200, .type = "image/jpeg", .body = answers.front().annotated, .headers = {}};
  }
  return json_response(pictures_json(answers, model, detector, input.parameters));
}

// Replies with the result of `make`, or with the problem that it throws.
template <class Make>
void reply_with(Exchange& exchange, const Make& make) {
  Response response;
  try {
    response = make();
  } catch (const Problem& problem) {
    response = problem.response();
  } catch (const std::bad_alloc&) {
    response =
        Problem(503, "there is too little memory for this request").retry_after(5).response();
  } catch (const std::exception&) {
    response = Problem(500, "an internal error; please report it with the request").response();
  }
  exchange.reply(std::move(response));
}

}  // namespace

Service::Service(const Config& config) : config_(config), engine_(config, metrics_) {}

const Route& Service::route(std::string_view method, std::string_view path) const {
  const std::vector<std::string> segments = segments_of(path);
  for (const Route& route : kRoutes) {
    if (!match(segments, segments_of(route.name))) continue;
    if (route.methods == method || (route.methods == "GET" && method == "HEAD")) return route;
    throw Problem(405, std::string(route.name) + " takes no " + printable(method, 20))
        .in("method")
        .allowed(route.methods == "GET" ? "GET, HEAD" : std::string(route.methods));
  }
  throw Problem(404, "there is nothing at " + quote(path, 80))
      .in("path")
      .allowed("/openapi.json lists what there is");
}

void Service::check_room() const {
  const std::size_t count = engine_.requests.count();
  if (count < config_.limits.queue) return;
  const double seconds =
      metrics_.usual_seconds() * static_cast<double>(count) / std::max(1, config_.threads);
  throw Problem(503, "the service is busy: " + std::to_string(count) + " requests wait")
      .retry_after(static_cast<int>(std::clamp(std::ceil(seconds), 1.0, 60.0)));
}

void Service::handle(const ExchangePtr& exchange, const std::function<Gauges()>& gauges) {
  const Route* found = nullptr;
  try {
    found = &route(exchange->request.method, exchange->request.path);
    if (found->works) check_room();
  } catch (const Problem& problem) {
    return exchange->reply(problem.response());
  }
  if (found->works) return queue(exchange, *found);
  reply_with(*exchange, [&]() -> Response {
    const Request& request = exchange->request;
    const std::string_view name = found->name;
    if (name == "/metrics") {
      return {.status = 200,
              .type = "text/plain; version=0.0.4; charset=utf-8",
              .body = metrics_.text(gauges()),
              .headers = {}};
    }
    if (name == "/v2") return json_response(kserve::server_metadata());
    if (name == "/v2/health/live") return json_response({{"live", true}});
    if (name == "/v2/health/ready") return json_response({{"ready", true}});
    if (name == "/v1/models") return json_response(models_json(engine_));
    if (name == "/v2/models/{model}") {
      return json_response(
          kserve::model_metadata(*engine_.models.find(model_in(request.path), "path")));
    }
    if (name == "/v2/models/{model}/ready") {
      const auto model = engine_.models.find(model_in(request.path), "path");
      return json_response({{"name", model->name()}, {"ready", true}});
    }
    if (found->stream) {
      throw Problem(426, "this is a WebSocket").in("header Upgrade").allowed("websocket");
    }
    if (const Asset* asset = find_asset(request.path)) return asset_response(*asset);
    throw Problem(404, "there is nothing at " + quote(request.path, 80)).in("path");
  });
}

void Service::queue(const ExchangePtr& exchange, const Route& route) {
  const auto place = std::make_shared<UnderWay::Token>(engine_.requests);
  const auto arrival = std::chrono::steady_clock::now();
  engine_.workers.post([this, exchange, &route, place, arrival] {
    const std::chrono::duration<double> waited = std::chrono::steady_clock::now() - arrival;
    metrics_.stage(Stage::wait, waited.count());
    if (exchange->over()) return;
    try {
      if (route.name == "/v1/predict") return predict(exchange, place);
      if (route.name == "/v1/crops") return crops(exchange, place);
      if (route.name == "/analyze") return analyze(exchange, place);
      infer(exchange, place);
    } catch (...) {
      reply_with(*exchange, []() -> Response { throw; });
    }
  });
}

void Service::answer_pictures(const ExchangePtr& exchange, const Place& place, PictureInput input) {
  const bool single = input.single;
  PicturesTask task = pictures_task(engine_, std::move(input), "parameter");
  PictureInput asked{{}, task.parameters, single};
  const std::string detector =
      asked.parameters.detector.empty() || asked.parameters.detector == "auto"
          ? engine_.detectors.usual()
          : asked.parameters.detector;
  const auto model = task.model;
  predict_pictures(
      engine_, std::move(task), [exchange] { return exchange->over(); },
      [exchange, place, asked, model, detector](std::vector<PictureAnswer> answers) {
        reply_with(*exchange, [&] {
          return predict_response(answers, asked, *model, detector, exchange->request.accept);
        });
      });
}

void Service::predict(const ExchangePtr& exchange, const Place& place) {
  answer_pictures(exchange, place, picture_input(exchange->request, config_.limits.pictures));
}

void Service::crops(const ExchangePtr& exchange, const Place& place) {
  PictureInput input = picture_input(exchange->request, config_.limits.crops);
  if (!input.parameters.detector.empty() && input.parameters.detector != "none") {
    throw Problem(400, "crops are faces: no detector looks at them")
        .in("parameter detector")
        .allowed("none");
  }
  input.parameters.detector = "none";
  answer_pictures(exchange, place, std::move(input));
}

void Service::analyze(const ExchangePtr& exchange, const Place& place) {
  auto asked = deepface::analyze_request(exchange->request, config_.limits.pictures);
  PictureInput input = std::exchange(asked.input, {});
  asked.input.single = input.single;
  PicturesTask task = pictures_task(engine_, std::move(input), "parameter");
  const auto model = task.model;
  predict_pictures(
      engine_, std::move(task), [exchange] { return exchange->over(); },
      [exchange, place, asked, model](std::vector<PictureAnswer> answers) {
        reply_with(*exchange,
                   [&] { return deepface::analyze_response(asked, answers, model->labels()); });
      });
}

void Service::infer(const ExchangePtr& exchange, const Place& place) {
  const auto model = engine_.models.find(model_in(exchange->request.path), "path");
  auto asked = std::make_shared<kserve::InferRequest>(
      kserve::infer_request(exchange->request, model->wanted().format,
                            std::min(config_.limits.crops, model->most_faces(config_.limits))));
  ClassifyJob job{model, infer::Tta::none, std::exchange(asked->faces, {}), {}, {}};
  job.done = [this, exchange, place, asked, model](const ClassifyJob::Rows& rows,
                                                   const std::exception_ptr& failure) {
    reply_with(*exchange, [&] {
      if (failure) std::rethrow_exception(failure);
      for (const auto& row : rows) {
        const auto best = std::max_element(row.begin(), row.end()) - row.begin();
        metrics_.face(model->labels().name(static_cast<std::size_t>(best)));
      }
      return kserve::infer_response(*asked, *model, rows);
    });
  };
  engine_.batcher.add(std::move(job));
}

Reloaded Service::reload() {
  try {
    engine_.models.reload();
    metrics_.reload(true);
    std::vector<std::string> names;
    for (const auto& model : *engine_.models.models()) names.push_back(model->name());
    return {true, "loaded anew: " + join(names, ", ")};
  } catch (const std::exception& error) {
    metrics_.reload(false);
    return {false, "the models stay as they were: " + std::string(error.what())};
  }
}

}  // namespace fer::serve
