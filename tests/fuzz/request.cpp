#include "fuzz/request.h"

#include "fer/serve/query.h"
#include "fuzz/fuzz_target.h"

namespace fer::fuzz {

serve::Request request_of(std::string_view bytes) {
  const auto [first, headers] = split_at(bytes, '\n');
  const auto [type, behind] = split_at(headers, '\n');
  const auto [length, body] = split_at(behind, '\n');
  const auto [method, address] = split_at(first, ' ');
  serve::Target target = serve::target_of(address);
  serve::Request request;
  request.method = method;
  request.path = std::move(target.path);
  request.query = std::move(target.query);
  request.content_type = type;
  request.json_bytes = length;
  request.body = body;
  return request;
}

}  // namespace fer::fuzz
