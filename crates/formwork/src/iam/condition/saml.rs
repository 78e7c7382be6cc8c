//! The condition keys of sign-in with SAML, for the trust policies of roles.
//!
//! From <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html>. Claims
//! of OIDC are [`claim`](super::claim)s.

#![allow(non_upper_case_globals, reason = "a key is spelled much as IAM spells it")]

use super::key::ConditionKey;
use crate::meaning::List;

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident = $key:literal: $type:ty;)*) => {$(
        $(#[$doc])*
        pub const $name: ConditionKey<$type> = ConditionKey::new($key);
    )*};
}

keys! {
    /// `SAML:aud`: the endpoint that the assertion is for.
    Aud = "SAML:aud": String;
    /// `SAML:cn`: the attribute `commonName` of eduOrg.
    Cn = "SAML:cn": List<String>;
    /// `SAML:commonName`: the attribute `commonName`.
    CommonName = "SAML:commonName": String;
    /// `SAML:doc`: the account and the provider, such as `123456789012/Example`.
    Doc = "SAML:doc": String;
    /// `SAML:edupersonaffiliation`: the attribute `eduPersonAffiliation`.
    EduPersonAffiliation = "SAML:edupersonaffiliation": List<String>;
    /// `SAML:edupersonassurance`: the attribute `eduPersonAssurance`.
    EduPersonAssurance = "SAML:edupersonassurance": List<String>;
    /// `SAML:edupersonentitlement`: the attribute `eduPersonEntitlement`.
    EduPersonEntitlement = "SAML:edupersonentitlement": List<String>;
    /// `SAML:edupersonnickname`: the attribute `eduPersonNickname`.
    EduPersonNickname = "SAML:edupersonnickname": List<String>;
    /// `SAML:edupersonorgdn`: the attribute `eduPersonOrgDN`.
    EduPersonOrgDn = "SAML:edupersonorgdn": String;
    /// `SAML:edupersonorgunitdn`: the attribute `eduPersonOrgUnitDN`.
    EduPersonOrgUnitDn = "SAML:edupersonorgunitdn": List<String>;
    /// `SAML:edupersonprimaryaffiliation`: the attribute `eduPersonPrimaryAffiliation`.
    EduPersonPrimaryAffiliation = "SAML:edupersonprimaryaffiliation": String;
    /// `SAML:edupersonprimaryorgunitdn`: the attribute `eduPersonPrimaryOrgUnitDN`.
    EduPersonPrimaryOrgUnitDn = "SAML:edupersonprimaryorgunitdn": String;
    /// `SAML:edupersonprincipalname`: the attribute `eduPersonPrincipalName`.
    EduPersonPrincipalName = "SAML:edupersonprincipalname": String;
    /// `SAML:edupersonscopedaffiliation`: the attribute `eduPersonScopedAffiliation`.
    EduPersonScopedAffiliation = "SAML:edupersonscopedaffiliation": List<String>;
    /// `SAML:edupersontargetedid`: the attribute `eduPersonTargetedID`.
    EduPersonTargetedId = "SAML:edupersontargetedid": List<String>;
    /// `SAML:eduorghomepageuri`: the attribute `eduOrgHomePageURI`.
    EduOrgHomePageUri = "SAML:eduorghomepageuri": List<String>;
    /// `SAML:eduorgidentityauthnpolicyuri`: the attribute `eduOrgIdentityAuthNPolicyURI`.
    EduOrgIdentityAuthnPolicyUri = "SAML:eduorgidentityauthnpolicyuri": List<String>;
    /// `SAML:eduorglegalname`: the attribute `eduOrgLegalName`.
    EduOrgLegalName = "SAML:eduorglegalname": List<String>;
    /// `SAML:eduorgsuperioruri`: the attribute `eduOrgSuperiorURI`.
    EduOrgSuperiorUri = "SAML:eduorgsuperioruri": List<String>;
    /// `SAML:eduorgwhitepagesuri`: the attribute `eduOrgWhitePagesURI`.
    EduOrgWhitePagesUri = "SAML:eduorgwhitepagesuri": List<String>;
    /// `SAML:givenName`: the attribute `givenName`.
    GivenName = "SAML:givenName": String;
    /// `SAML:iss`: the issuer, a URN.
    Iss = "SAML:iss": String;
    /// `SAML:mail`: the attribute `mail`.
    Mail = "SAML:mail": String;
    /// `SAML:name`: the attribute `name`.
    Name = "SAML:name": String;
    /// `SAML:namequalifier`: a hash that is unique for the provider and the account.
    NameQualifier = "SAML:namequalifier": String;
    /// `SAML:organizationStatus`: the attribute `organizationStatus`.
    OrganizationStatus = "SAML:organizationStatus": String;
    /// `SAML:primaryGroupSID`: the attribute `primaryGroupSID`.
    PrimaryGroupSid = "SAML:primaryGroupSID": String;
    /// `SAML:sub`: the subject, unique for the provider.
    Sub = "SAML:sub": String;
    /// `SAML:sub_type`: `persistent`, `transient`, or the format of the subject.
    SubType = "SAML:sub_type": String;
    /// `SAML:surname`: the attribute `surname`.
    Surname = "SAML:surname": String;
    /// `SAML:uid`: the attribute `uid`.
    Uid = "SAML:uid": String;
    /// `SAML:x500UniqueIdentifier`: the attribute `x500UniqueIdentifier`.
    X500UniqueIdentifier = "SAML:x500UniqueIdentifier": String;
}
