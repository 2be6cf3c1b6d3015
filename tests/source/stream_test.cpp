// A stream of JPEGs over HTTP, as network cameras send it, from a port of this machine.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "fer/source/open_source.h"
#include "source/frame_fixtures.h"
#include "source/video_fixtures.h"
#include "support/catch.h"

namespace fer::source {
namespace {

// Serves one connection after the other, each so many frames of 64x48, and then closes it.
class JpegServer {
 public:
  explicit JpegServer(std::vector<int> connections) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(listener_, 4);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, connections] {
      for (const int frames : connections) serve(frames);
      ::close(listener_);  // whoever comes now is refused
    });
  }
  ~JpegServer() {
    if (thread_.joinable()) thread_.join();
  }

  std::string url(const std::string& user = "", const std::string& parameters = "") const {
    return "http://" + user + "127.0.0.1:" + std::to_string(port_) + "/camera.mjpg" + parameters;
  }

  // The request of the last connection; call it when all are over.
  std::string requested() {
    thread_.join();
    return requested_;
  }

 private:
  static void send_all(int connection, const std::string& bytes) {
    ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  void serve(int frames) {
    const int connection = ::accept(listener_, nullptr, nullptr);
    char request[2048];
    const ssize_t size = ::recv(connection, request, sizeof request, 0);
    if (size > 0) requested_.assign(request, static_cast<std::size_t>(size));
    send_all(connection,
             "HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n");
    for (int i = 0; i < frames; ++i) {
      const std::string jpeg = test::encoded(".jpg", test::plain_picture(64, 48, 20.0 * i));
      send_all(connection, "--frame\r\nContent-Type: image/jpeg\r\nContent-Length: " +
                               std::to_string(jpeg.size()) + "\r\n\r\n" + jpeg + "\r\n");
    }
    ::shutdown(connection, SHUT_WR);
    while (::recv(connection, request, sizeof request, 0) > 0) continue;
    ::close(connection);
  }

  int listener_ = -1;
  int port_ = 0;
  std::string requested_;
  std::thread thread_;
};

// Takes connections and says nothing.
class SilentServer {
 public:
  SilentServer() : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(listener_, 4);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~SilentServer() { ::close(listener_); }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;

  std::string place() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  int listener_;
  int port_ = 0;
};

TEST_CASE("a stream that dies and comes back is one stream, until it stays away",
          "[source][integration]") {
  const JpegServer server({6, 6});
  std::istringstream none;
  const auto source =
      open_source(server.url(), {.every = 1, .recursive = false, .reconnect_s = 1.2}, none);
  CHECK(source->kind() == SourceKind::camera);
  const std::vector<Frame> frames = test::all_frames(*source);
  REQUIRE(frames.size() > 3);
  CHECK_THAT(frames.back().error, Catch::Matchers::ContainsSubstring(server.url()));
  std::int64_t read = 0;
  for (const Frame& frame : frames) {
    CHECK(frame.index == read);
    if (frame.failed()) continue;
    ++read;
    CHECK(frame.size == cv::Size(64, 48));
  }
  // FFmpeg keeps the last frame or two of a connection that ends to itself.
  CHECK(read >= 8);
}

TEST_CASE("a stream that is not there is one failure, at once", "[source][integration]") {
  std::string url;
  {
    const JpegServer gone({});
    url = gone.url();
  }
  std::istringstream none;
  const std::vector<Frame> frames = test::all_frames(*open_source(url, {}, none));
  REQUIRE(frames.size() == 1);
  CHECK_THAT(frames[0].error,
             Catch::Matchers::ContainsSubstring("cannot be opened: Connection refused"));
}

TEST_CASE("A stream or a server's file that says nothing can be stopped", "[source][integration]") {
  const SilentServer server;
  for (const std::string& url :
       {"http://" + server.place() + "/live", "rtsp://" + server.place() + "/live",
        "http://" + server.place() + "/talk.mp4"}) {
    CAPTURE(url);
    std::istringstream none;
    int asked = 0;
    SourceOptions options;
    options.stopped = [&] { return ++asked > 10; };
    // A source that was stopped has not failed.
    CHECK(test::all_frames(*open_source(url, options, none)).empty());
    CHECK(asked < 100);
  }
}

TEST_CASE("A stream's password is used and shown nowhere", "[source][integration]") {
  JpegServer server({6});
  std::vector<std::string> told;
  SourceOptions options;
  options.reconnect_s = 0.6;
  options.notice = [&](const std::string& text) { told.push_back(text); };
  std::istringstream none;
  const std::string url = server.url("user:secret@", "?password=hidden");
  const std::vector<Frame> frames = test::all_frames(*open_source(url, options, none));
  REQUIRE(frames.size() > 2);
  for (const Frame& frame : frames) {
    CHECK(frame.source == server.url("user:***@", "?password=***"));
    if (frame.failed()) told.push_back(frame.error);
  }
  REQUIRE(told.size() == 2);  // the break, and the end of patience
  for (const std::string& text : told) {
    CAPTURE(text);
    CHECK(text.find("secret") == std::string::npos);
    CHECK(text.find("hidden") == std::string::npos);
    CHECK(text.find("user:***@") != std::string::npos);
  }
  CHECK(server.requested().find("?password=hidden") != std::string::npos);
}

// Gives every connection the same bytes, from the first one on, whatever part was asked for.
class FileServer {
 public:
  explicit FileServer(std::string bytes)
      : bytes_(std::move(bytes)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(listener_, 4);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] {
      for (int connection = 0; (connection = ::accept(listener_, nullptr, nullptr)) >= 0;) {
        serve(connection);
      }
    });
  }
  ~FileServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  FileServer(const FileServer&) = delete;
  FileServer& operator=(const FileServer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/talk.mp4"; }

 private:
  void serve(int connection) const {
    char request[2048];
    ::recv(connection, request, sizeof request, 0);
    const std::string answer = "HTTP/1.0 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: " +
                               std::to_string(bytes_.size()) + "\r\n\r\n" + bytes_;
    ::send(connection, answer.data(), answer.size(), MSG_NOSIGNAL);
    ::shutdown(connection, SHUT_WR);
    while (::recv(connection, request, sizeof request, 0) > 0) continue;
    ::close(connection);
  }

  std::string bytes_;
  int listener_;
  int port_ = 0;
  std::thread thread_;
};

TEST_CASE(
    "An MP4 whose index comes last, where nothing can go back to its frames, is reported as that",
    "[source][video][integration]") {
  const test::TemporaryFolder folder;
  for (const bool index_first : {true, false}) {
    CAPTURE(index_first);
    test::VideoRecipe recipe;
    recipe.index_first = index_first;
    const std::string path = test::save_video_as((folder / "v.mp4").string(), recipe);
    std::ifstream file(path, std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    std::istringstream names;
    const FileServer server(bytes);
    const auto served = test::all_frames(*open_source(server.url(), {}, names));
    const std::string pipe = (folder / "pipe.mp4").string();
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    std::thread writer([&] { std::ofstream(pipe, std::ios::binary) << bytes; });
    const auto piped = test::all_frames(*open_source(pipe, {}, names));
    writer.join();
    std::filesystem::remove(pipe);
    if (index_first) {
      CHECK(served.size() == 3);
      CHECK(piped.size() == 3);
      continue;
    }
    REQUIRE(served.size() == 1);
    CHECK_THAT(served[0].error,
               Catch::Matchers::ContainsSubstring("with its index behind its frames") &&
                   Catch::Matchers::ContainsSubstring("its server gives no parts of files") &&
                   Catch::Matchers::ContainsSubstring("-movflags +faststart"));
    REQUIRE(piped.size() == 1);
    CHECK_THAT(piped[0].error, Catch::Matchers::ContainsSubstring("a pipe cannot go back"));
  }
}

}  // namespace
}  // namespace fer::source
