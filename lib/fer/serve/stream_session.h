// A WebSocket that takes frames and sends their faces.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <chrono>
#include <deque>
#include <memory>
#include <string>

#include "fer/serve/frame_stream.h"
#include "fer/serve/hub.h"

namespace fer::serve {

class StreamSession : public std::enable_shared_from_this<StreamSession> {
 public:
  // trusted: the token came with the request; otherwise it must be the first message.
  StreamSession(boost::asio::ip::tcp::socket socket, Hub& hub, std::string client, bool trusted);

  void start(boost::beast::http::request<boost::beast::http::buffer_body> upgrade, Fields query);
  // Sends a close frame, and ends with or without its answer.
  void close(boost::beast::websocket::close_code code, const std::string& reason);
  // Ends at once.
  void end();

 private:
  using Error = boost::system::error_code;

  struct Message {
    std::string text;
    bool answers = false;  // whether it answers a frame, after which the next may come
  };

  void on_accept(const Error& error, const Fields& query);
  void read();
  void on_read(const Error& error);
  void take_frame();
  void take_words();
  void send(Message message);
  void write();
  double seconds() const;

  Hub& hub_;
  boost::beast::websocket::stream<boost::asio::ip::tcp::socket> socket_;
  boost::asio::steady_timer timer_;
  std::string client_;
  bool trusted_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  boost::beast::flat_buffer buffer_;
  std::shared_ptr<FrameStream> frames_;
  std::deque<Message> outbox_;
  bool closing_ = false, ended_ = false;
  std::size_t received_ = 0, sent_ = 0;
};

}  // namespace fer::serve
