#include "fer/serve/stream_session.h"

#include <boost/asio/post.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <nlohmann/json.hpp>
#include <utility>

#include "fer/core/version.h"
#include "fer/output/prediction_json.h"
#include "fer/serve/access_rules.h"
#include "fer/serve/json_input.h"
#include "fer/serve/problem.h"

namespace fer::serve {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;

namespace {

constexpr std::size_t kMostWaiting = 16;  // messages that the client has not yet taken
constexpr std::chrono::seconds kGoodbye{5};

std::chrono::steady_clock::duration in_seconds(double seconds) {
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(
      std::chrono::duration<double>(seconds));
}

Fields fields_of(const nlohmann::json& json) {
  if (!json.is_object()) throw Problem(400, "a message is no object").in("message");
  Fields fields;
  for (const auto& [key, value] : json.items()) {
    fields.emplace_back(key, value.is_string() ? value.get<std::string>() : value.dump());
  }
  return fields;
}

}  // namespace

StreamSession::StreamSession(net::ip::tcp::socket socket, Hub& hub, std::string client,
                             bool trusted)
    : hub_(hub),
      socket_(std::move(socket)),
      timer_(socket_.get_executor()),
      client_(std::move(client)),
      trusted_(trusted) {}

double StreamSession::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void StreamSession::start(beast::http::request<beast::http::buffer_body> upgrade, Fields query) {
  const Limits& limits = hub_.config.limits;
  websocket::stream_base::timeout timeout{in_seconds(limits.header_s), in_seconds(limits.idle_s),
                                          /*keep_alive_pings=*/false};
  socket_.set_option(timeout);
  socket_.read_message_max(limits.body);
  socket_.auto_fragment(false);  // one frame per answer, because not every client joins fragments
  socket_.set_option(websocket::stream_base::decorator([](websocket::response_type& response) {
    response.set(beast::http::field::server, std::string("fer-serve/") + version());
  }));
  timer_.expires_after(in_seconds(limits.stream_s));
  timer_.async_wait([weak = weak_from_this()](const Error& error) {
    const auto self = weak.lock();
    if (self && !error) self->close(websocket::close_code::going_away, "the stream's time is over");
  });
  const auto kept = std::make_shared<decltype(upgrade)>(std::move(upgrade));
  socket_.async_accept(*kept, [self = shared_from_this(), kept, query](const Error& error) {
    self->on_accept(error, query);
  });
}

void StreamSession::on_accept(const Error& error, const Fields& query) {
  if (error) return end();
  try {
    frames_ = std::make_shared<FrameStream>(
        hub_.service.engine(), [weak = weak_from_this(), &io = hub_.io](std::string json) {
          net::post(io, [weak, json = std::move(json)]() mutable {
            if (const auto self = weak.lock()) self->send({std::move(json), true});
          });
        });
    frames_->configure(query);
  } catch (const Problem& problem) {
    return close(websocket::close_code::policy_error, problem.what());
  }
  read();
}

void StreamSession::read() {
  socket_.async_read(buffer_, [self = shared_from_this()](const Error& error, std::size_t) {
    self->on_read(error);
  });
}

void StreamSession::on_read(const Error& error) {
  if (error) return end();
  received_ += buffer_.size();
  if (closing_) return;
  if (socket_.got_text()) {
    take_words();
  } else {
    take_frame();
  }
  buffer_.consume(buffer_.size());
  if (!closing_) read();
}

void StreamSession::take_frame() {
  if (!trusted_) {
    return close(websocket::close_code::policy_error, "the first message must carry the token");
  }
  frames_->offer(beast::buffers_to_string(buffer_.data()), seconds());
}

// Takes a text message: {"token": …} and parameters of the next frames.
void StreamSession::take_words() {
  try {
    Fields fields = fields_of(bounded_json(beast::buffers_to_string(buffer_.data())));
    for (auto field = fields.begin(); field != fields.end();) {
      if (field->first != "token") {
        ++field;
        continue;
      }
      trusted_ = trusted_ || same_secret(field->second, hub_.config.token);
      field = fields.erase(field);
    }
    if (!trusted_) {
      return close(websocket::close_code::policy_error, "the token is not that of this service");
    }
    frames_->configure(fields);
    send({"{\"ready\": true}", false});
  } catch (const Problem& problem) {
    send({output::json_line({{"problem", problem.json()}}), false});
  }
}

void StreamSession::send(Message message) {
  if (ended_ || closing_) return;
  if (outbox_.size() == kMostWaiting) {
    return close(websocket::close_code::policy_error, "the answers are not read");
  }
  outbox_.push_back(std::move(message));
  if (outbox_.size() == 1) write();
}

void StreamSession::write() {
  socket_.text(true);
  socket_.async_write(net::buffer(outbox_.front().text),
                      [self = shared_from_this()](const Error& error, std::size_t bytes) {
                        if (error) return self->end();
                        self->sent_ += bytes;
                        const bool answers = self->outbox_.front().answers;
                        self->outbox_.pop_front();
                        if (answers) self->frames_->answered();
                        if (!self->outbox_.empty()) self->write();
                      });
}

void StreamSession::close(websocket::close_code code, const std::string& reason) {
  if (closing_ || ended_) return;
  closing_ = true;
  if (frames_) frames_->stop();
  constexpr std::size_t kLongestReason = 123;  // RFC 6455, section 5.5
  const websocket::close_reason goodbye(code, reason.substr(0, kLongestReason));
  timer_.expires_after(kGoodbye);
  timer_.async_wait([weak = weak_from_this()](const Error& error) {
    const auto self = weak.lock();
    if (self && !error) self->end();
  });
  socket_.async_close(goodbye, [self = shared_from_this()](const Error&) { self->end(); });
}

void StreamSession::end() {
  if (std::exchange(ended_, true)) return;
  ++hub_.answers;
  const auto self = shared_from_this();
  if (frames_) frames_->stop();
  timer_.cancel();
  Error ignored;
  socket_.next_layer().close(ignored);
  hub_.service.metrics().request("/v1/stream", 101, seconds());
  hub_.access.write({.client = client_,
                     .method = "GET",
                     .path = "/v1/stream",
                     .status = 101,
                     .received = received_,
                     .sent = sent_,
                     .seconds = seconds()});
  hub_.streams.erase(self);
  hub_.on_end();
}

}  // namespace fer::serve
