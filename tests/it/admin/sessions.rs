//! Admins sign in with password and second factor, always.
use super::{PASSWORD, Platform};
use chrono::TimeDelta;
use serde_json::json;

#[tokio::test]
async fn password_and_code_are_both_needed() {
    let platform = Platform::start().await;
    let email = platform.hire("platform_admin").await;
    let (client, code) = (platform.anonymous(), platform.code());
    for (password, code) in [("copper window 1977", code.as_str()), (PASSWORD, "000000"), (PASSWORD, "")] {
        let body = json!({"email": email, "password": password, "code": code});
        client.post("/v1/sessions", body).await.problem(401, "credentials_wrong");
    }
    let nobody = json!({"email": "nobody@platform.example", "password": PASSWORD, "code": code});
    client.post("/v1/sessions", nobody).await.problem(401, "credentials_wrong");
    client.post("/v1/sessions", json!({"email": email, "password": PASSWORD})).await.expect(400);
    let body = json!({"email": email, "password": PASSWORD, "code": code});
    let answer = client.post("/v1/sessions", body.clone()).await;
    assert_eq!(
        (&answer.expect(201)["expires_in"], &answer.body["admin"]["role"]),
        (&json!(14_400), &json!("platform_admin"))
    );
    client.post("/v1/sessions", body).await.problem(401, "credentials_wrong");
    client.bearer(&answer.text_of("access_token")).get("/v1/agencies").await.expect(200);
}

#[tokio::test]
async fn a_session_ends_when_it_is_ended_or_after_four_hours() {
    let platform = Platform::start().await;
    let admin = platform.admin().await;
    admin.delete("/v1/sessions/current").await.expect(204);
    admin.get("/v1/agencies").await.problem(401, "session_ended");
    platform.world.app.advance(TimeDelta::seconds(30));
    let admin = platform.sign_in("platform_admin@platform.example").await;
    platform.world.app.advance(TimeDelta::minutes(239));
    admin.get("/v1/agencies").await.expect(200);
    platform.world.app.advance(TimeDelta::minutes(1));
    admin.get("/v1/agencies").await.problem(401, "session_ended");
}
