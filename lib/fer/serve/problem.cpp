#include "fer/serve/problem.h"

#include <array>

#include "fer/output/prediction_json.h"

namespace fer::serve {

namespace {

struct StatusRow {
  int status;
  std::string_view text;
};
constexpr std::array<StatusRow, 21> kStatuses = {{
    {200, "OK"},
    {204, "No Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {426, "Upgrade Required"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
}};

}  // namespace

std::string_view status_text(int status) {
  for (const StatusRow& row : kStatuses) {
    if (row.status == status) return row.text;
  }
  return "Unknown";
}

nlohmann::ordered_json Problem::json() const {
  nlohmann::ordered_json json = {{"type", "about:blank"},
                                 {"title", std::string(status_text(status_))},
                                 {"status", status_},
                                 {"detail", what()}};
  if (!part_.empty()) json["part"] = part_;
  if (!allowed_.empty()) json["allowed"] = allowed_;
  return json;
}

Response Problem::response() const {
  Response response{.status = status_,
                    .type = "application/problem+json",
                    .body = output::json_line(json()) + "\n",
                    .headers = {}};
  if (retry_after_ > 0) response.headers.emplace_back("Retry-After", std::to_string(retry_after_));
  if (status_ == 426) response.headers.emplace_back("Upgrade", "websocket");
  if (status_ == 401)
    response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"fer-serve\"");
  return response;
}

}  // namespace fer::serve
