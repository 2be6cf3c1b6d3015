#include "fer/core/address.h"

#include <string>
#include <vector>

#include "support/catch.h"

namespace fer {
namespace {

struct Shown {
  std::string text;
  std::string shown;
};

TEST_CASE("Passwords in addresses are never shown", "[core][unit]") {
  const std::vector<Shown> table = {
      {"rtsp://user:secret@host/live", "rtsp://user:***@host/live"},
      {"RTSP://user:secret@host:554/live", "RTSP://user:***@host:554/live"},
      {"http://user:secret@host", "http://user:***@host"},
      {"rtsp://:secret@host", "rtsp://:***@host"},
      {"rtsp://user:@host", "rtsp://user:***@host"},
      {"rtsp://user:se:cret@host/a", "rtsp://user:***@host/a"},
      {"rtsp://user:secret@[fe80::1]:554/a", "rtsp://user:***@[fe80::1]:554/a"},
      // As people type passwords, not percent-encoded.
      {"rtsp://user:se@cret@host/a", "rtsp://user:***@host/a"},
      {"rtsp://user:se/cret@host/a", "rtsp://user:***@host/a"},
      {"rtsp://user:se?cr#et@host/a", "rtsp://user:***@host/a"},
      {"rtsp://user:se'cr\"et@host/a", "rtsp://user:***@host/a"},
      {"rtsp://user:se%40cret@host/a", "rtsp://user:***@host/a"},
      {"rtsp://admin:p@ss/word@10.0.0.5/live", "rtsp://admin:***@10.0.0.5/live"},
      {"rtsp://admin:p@s#1@cam/live", "rtsp://admin:***@cam/live"},
      {"rtsp://me@x.com:p/ss@host/live", "rtsp://me@x.com:***@host/live"},
      {"rtsp://admin:#1secret@cam", "rtsp://admin:***@cam"},
      {"rtsp://admin:/x@cam", "rtsp://admin:***@cam"},
      {"rtsp://admin:12#4@cam", "rtsp://admin:***@cam"},
      {"rtsp://admin:123456@cam:554/a", "rtsp://admin:***@cam:554/a"},
      // Addresses within a text.
      {"rtsp://u:p@h: cannot be opened", "rtsp://u:***@h: cannot be opened"},
      {"'rtsp://u:p@h' is not a source", "'rtsp://u:***@h' is not a source"},
      {"from rtsp://u:p@h/a to http://v:q@i/b.", "from rtsp://u:***@h/a to http://v:***@i/b."},
      {"gopher://u:p@h", "gopher://u:***@h"},
      // Parameters.
      {"http://h/v.cgi?user=a&password=b&x=1", "http://h/v.cgi?user=a&password=***&x=1"},
      {"http://h/v?PWD=b#t", "http://h/v?PWD=***#t"},
      {"http://h/v.cgi?loginuse=admin&loginpas=b", "http://h/v.cgi?loginuse=admin&loginpas=***"},
      {"http://h/v?passphrase=b&user_pw=c&admin_pwd=d",
       "http://h/v?passphrase=***&user_pw=***&admin_pwd=***"},
      {"http://h/v?token=b is back", "http://h/v?token=*** is back"},
      {"http://h/v?access_token=b", "http://h/v?access_token=***"},
      {"'http://h/v?sig=b'", "'http://h/v?sig=***'"},
      {"http://h/v?X-Amz-Signature=b&a=c", "http://h/v?X-Amz-Signature=***&a=c"},
      {"rtsp://h/user=admin&password=b&channel=1", "rtsp://h/user=admin&password=***&channel=1"},
      {"rtsp://h/user=admin_password=b_channel=1", "rtsp://h/user=admin_password=***"},
      {"rtsp://h/a;password=b/c", "rtsp://h/a;password=***/c"},
  };
  for (const Shown& row : table) {
    CAPTURE(row.text);
    CHECK(without_passwords(row.text) == row.shown);
    CHECK(without_passwords(row.shown) == row.shown);
  }
}

TEST_CASE("What holds no password is shown as it is", "[core][unit]") {
  for (const char* text :
       {"", "photo.jpg", "user:secret@host", "a:b@c.jpg", "://", "12:30 at a@b", "rtsp://host/live",
        "rtsp://user@host/live", "rtsp://user@host:554/a@b", "rtsp://host:554/a@b",
        "http://host:8080?mail=a@b", "http://host/a:b@c", "http://[::1]:80/a@b",
        "http://h/v?token=***: is back", "http://h/v?size=640&compass=3&monkey=1",
        "http://h/v?next=/a/b", "rtsp://"}) {
    CAPTURE(text);
    CHECK(without_passwords(text) == text);
  }
}

TEST_CASE("An address begins with a scheme", "[core][unit]") {
  for (const char* text : {"rtsp://host", "HTTP://host", "rtmp+tls://host", "s3://x"}) {
    CAPTURE(text);
    CHECK(is_address(text));
  }
  for (const char* text : {"", "://host", "a b://host", "rtsp:/host", "3gp://x", "/a/b://c"}) {
    CAPTURE(text);
    CHECK_FALSE(is_address(text));
  }
}

TEST_CASE("Files are named after a source without its user, password and parameters",
          "[core][unit]") {
  const std::vector<Shown> table = {
      {"a/b/photo.jpg", "photo"},
      {"photo", "photo"},
      {"rtsp://user:secret@host/live", "live"},
      {"http://host/talk.mp4?token=1&x=a/b", "talk"},
      {"http://host/video.cgi/", "video"},
      {"rtsp://user:secret@192.168.0.7", "192.168.0.7"},
      {"rtsp://user:se/cret@host", "host"},
      {"rtsp://host:554/", "host:554"},
      {"rtsp://host/user=admin_password=secret", "user=admin_password=***"},
  };
  for (const Shown& row : table) {
    CAPTURE(row.text);
    CHECK(source_stem(row.text) == row.shown);
  }
}

}  // namespace
}  // namespace fer
