// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC165} from "@openzeppelin/contracts/interfaces/IERC165.sol";
import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC721Utils} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Utils.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ICopyrightTitle} from "../interfaces/ICopyrightTitle.sol";
import {ILicenseSuspension} from "../interfaces/ILicenseSuspension.sol";
import {ILicenseToken} from "../interfaces/ILicenseToken.sol";
import {IRevenueSplitter} from "../interfaces/IRevenueSplitter.sol";
import {Calendar, CalendarLib, Conflict} from "../libraries/CalendarLib.sol";
import {Errors} from "../libraries/Errors.sol";
import {OfferLib} from "../libraries/OfferLib.sol";
import {SignatureLib} from "../libraries/SignatureLib.sol";
import {Grant, License, Offer, Rights} from "../types/Offer.sol";
import {Terms, TermsLib} from "../types/Terms.sol";

/// @title LicenseToken
/// @notice Licenses of deposited works, as ERC-721 tokens.
/// @dev The documentation is in {ILicenseToken}. Every function writes all its state before it calls anybody else, and asks the receiver of a
/// token last, so that whoever calls back finds the sale done.
contract LicenseToken is ILicenseToken, ERC721, EIP712 {
    using CalendarLib for Calendar;
    using OfferLib for Offer;

    /* CONSTANTS */

    bytes4 private constant ERC4906_ID = 0x49064906;
    bytes32 private constant AGREEMENT_KEY = keccak256("Colophon license under agreement");
    uint256 private constant ONE_IN_BPS = 10_000;
    uint256 private constant PPM_IN_BPS = 100;

    /// @notice Who holds the rights in a work.
    ICopyrightTitle public immutable TITLE;

    /// @notice Where every price goes.
    IRevenueSplitter public immutable SPLITTER;

    address private immutable DEPLOYER;

    /* STORAGE */

    // An offer or an agreement is known by a key, the first 192 bits of its hash, and so are its licenses: their ids begin with it.

    mapping(uint192 key => Terms) private _terms;

    /// @dev Written with the first license.
    mapping(uint192 key => uint256 workId) private _works;

    /// @dev The end of a license that was renewed or ended; zero for one that runs as it was issued.
    mapping(uint256 licenseId => uint256) private _untils;

    Calendar private _calendar;

    /// @inheritdoc ILicenseToken
    address public agreements;

    /// @inheritdoc ILicenseToken
    address public exchange;

    /* CONSTRUCTOR */

    constructor(
        ICopyrightTitle title,
        IRevenueSplitter splitter
    ) ERC721("Colophon License", "LICENSE") EIP712("Colophon LicenseToken", "1") {
        TITLE = title;
        SPLITTER = splitter;
        DEPLOYER = msg.sender;
    }

    /* OFFERS */

    /// @inheritdoc ILicenseToken
    function open(Offer calldata offer) external returns (bytes32 offerId) {
        if (offer.seller != msg.sender) revert Errors.LicenseToken_NotSeller(offer.seller, msg.sender);
        offerId = offer.id();
        uint192 key = _keyOf(offerId);
        if (_terms[key].exists()) revert Errors.LicenseToken_OfferExists(offerId);
        Terms terms = TermsLib.pack(offer);
        _checkForm(terms);

        _terms[key] = terms.withOpened();

        emit OfferOpened(
            offerId,
            offer.workId,
            msg.sender,
            Terms.unwrap(terms),
            offer.currency,
            offer.price,
            offer.commissionCapPpm,
            offer.platform,
            offer.document
        );
    }

    /// @inheritdoc ILicenseToken
    function cancel(Offer calldata offer) external {
        if (offer.seller != msg.sender) revert Errors.LicenseToken_NotSeller(offer.seller, msg.sender);
        bytes32 offerId = offer.id();
        uint192 key = _keyOf(offerId);
        Terms terms = _terms[key];
        if (terms.isCancelled()) revert Errors.LicenseToken_OfferCancelled(offerId);
        if (!terms.exists()) terms = TermsLib.pack(offer);

        _terms[key] = terms.withCancelled();

        emit OfferCancelled(offerId, offer.workId, msg.sender);
    }

    /* LICENSES */

    /// @inheritdoc ILicenseToken
    function acquire(
        Offer calldata offer,
        bytes calldata signature,
        address recipient,
        address platform,
        uint256 commissionPpm
    ) external payable returns (uint256 licenseId) {
        (uint192 key, Terms terms) = _checkSale(offer, signature);
        _checkCommission(offer, platform, commissionPpm);

        if (terms.sold() == 0) _works[key] = offer.workId;
        terms = terms.withOneMoreSold();
        _terms[key] = terms;
        _calendar.book(
            offer.workId,
            terms.rights(),
            terms.territories(),
            terms.isExclusive(),
            _endOf(block.timestamp, terms.duration())
        );
        licenseId = _licenseIdOf(key, terms.sold());
        _mint(recipient, licenseId);

        emit LicenseAcquired(licenseId, offer.workId, msg.sender, Terms.unwrap(terms), offer.document);

        _pay(offer, platform, commissionPpm);
        ERC721Utils.checkOnERC721Received(msg.sender, address(0), recipient, licenseId, "");
    }

    /// @inheritdoc ILicenseToken
    function renew(
        uint256 licenseId,
        Offer calldata offer,
        address platform,
        uint256 commissionPpm
    ) external payable returns (uint256 until) {
        _requireOwned(licenseId);
        bytes32 offerId = offer.id();
        uint192 key = _keyOf(offerId);
        if (key != _keyOf(licenseId)) revert Errors.LicenseToken_NotOfOffer(licenseId, offerId);
        Terms terms = _terms[key];
        if (!terms.isRenewable() || terms.duration() == 0) revert Errors.LicenseToken_NotRenewable(licenseId);
        _checkLife(offer, offerId, terms);
        _checkCommission(offer, platform, commissionPpm);
        uint256 from = _untilOf(licenseId, terms);
        if (from <= block.timestamp) {
            from = block.timestamp;
            _checkCalendar(offer.workId, terms);
        }
        until = _endOf(from, terms.duration());

        _untils[licenseId] = until;
        _calendar.book(offer.workId, terms.rights(), terms.territories(), terms.isExclusive(), until);

        emit LicenseRenewed(licenseId, msg.sender, from, until);
        emit MetadataUpdate(licenseId);

        _pay(offer, platform, commissionPpm);
    }

    /// @inheritdoc ILicenseToken
    function authorizeDerivative(uint256 licenseId, uint256 childWorkId) external {
        if (_ownerOf(licenseId) != msg.sender) revert Errors.LicenseToken_NotOwner(licenseId, msg.sender);
        uint192 key = _keyOf(licenseId);
        Terms terms = _terms[key];
        if (!_inForce(licenseId, terms)) revert Errors.LicenseToken_NotInForce(licenseId);
        if (terms.rights() & Rights.ADAPT == 0) revert Errors.LicenseToken_AdaptNotGranted(licenseId);
        if (TITLE.rightsHolderOf(childWorkId) != msg.sender) {
            revert Errors.LicenseToken_ChildNotHeld(childWorkId, msg.sender);
        }

        uint256 parentWorkId = _works[key];
        uint256 bps = terms.derivativeBps();
        emit DerivativeAuthorized(licenseId, parentWorkId, childWorkId, bps);

        SPLITTER.grantDerivative(parentWorkId, childWorkId, uint32(bps * PPM_IN_BPS));
    }

    /* agreements */

    /// @inheritdoc ILicenseToken
    function issueUnderAgreement(Grant calldata grant) external returns (uint256 licenseId) {
        if (msg.sender != agreements) revert Errors.LicenseToken_NotAgreements(msg.sender);
        uint192 key = _keyOf(keccak256(abi.encode(AGREEMENT_KEY, grant.agreementId)));
        if (_terms[key].exists()) revert Errors.LicenseToken_AgreementIssued(grant.agreementId);
        Terms terms = TermsLib.pack(grant);
        _checkForm(terms);
        _checkHolder(grant.workId, grant.licensor);
        _checkCalendar(grant.workId, terms);

        _terms[key] = terms;
        _works[key] = grant.workId;
        uint256 until = _endOf(block.timestamp, grant.duration);
        if (grant.exclusive) _calendar.book(grant.workId, grant.rights, grant.territories, true, until);
        else _calendar.bookSimple(grant.workId, grant.rights, grant.territories, until, key);
        licenseId = _licenseIdOf(key, 1);
        _mint(grant.licensee, licenseId);

        emit LicenseIssued(licenseId, grant.workId, grant.agreementId, Terms.unwrap(terms), grant.document);

        ERC721Utils.checkOnERC721Received(msg.sender, address(0), grant.licensee, licenseId, "");
    }

    /// @inheritdoc ILicenseToken
    function end(uint256 licenseId) external {
        if (msg.sender != agreements) revert Errors.LicenseToken_NotAgreements(msg.sender);
        uint192 key = _keyOf(licenseId);
        Terms terms = _terms[key];
        if (_ownerOf(licenseId) == address(0) || !terms.isUnderAgreement()) {
            revert Errors.LicenseToken_NotUnderAgreement(licenseId);
        }
        // What is over holds no place any more; the place may be another's by now.
        if (_untilOf(licenseId, terms) <= block.timestamp) return;

        _untils[licenseId] = block.timestamp;
        if (terms.isExclusive()) _calendar.free(_works[key], terms.rights(), terms.territories());
        else _calendar.freeSimple(_works[key], key);

        emit LicenseEnded(licenseId);
        emit MetadataUpdate(licenseId);
    }

    /* WIRING */

    /// @inheritdoc ILicenseToken
    function connect(address agreements_, address exchange_) external {
        if (msg.sender != DEPLOYER) revert Errors.LicenseToken_NotDeployer(msg.sender);
        if (agreements != address(0)) revert Errors.LicenseToken_AlreadyConnected();
        if (agreements_ == address(0) || exchange_ == address(0)) revert Errors.LicenseToken_ModuleZero();

        agreements = agreements_;
        exchange = exchange_;

        emit Connected(agreements_, exchange_);
    }

    /* VIEWS: WHAT HOLDS NOW */

    /// @inheritdoc ILicenseToken
    function isActive(uint256 licenseId, uint256 territory, uint256 channel) external view returns (bool) {
        Terms terms = _terms[_keyOf(licenseId)];
        return
            (uint256(terms.territories()) >> territory) & 1 != 0 &&
            (uint256(terms.channels()) >> channel) & 1 != 0 &&
            _inForce(licenseId, terms);
    }

    /// @inheritdoc ILicenseToken
    function isInForce(uint256 licenseId) public view returns (bool) {
        return _inForce(licenseId, _terms[_keyOf(licenseId)]);
    }

    /// @inheritdoc ILicenseToken
    function isAvailable(
        uint256 workId,
        uint256 rights,
        uint256 territories,
        bool exclusive
    ) external view returns (bool) {
        return _calendar.conflictOf(workId, rights, territories, exclusive).until == 0;
    }

    /// @inheritdoc ILicenseToken
    function licenseOf(uint256 licenseId) external view returns (License memory) {
        _requireOwned(licenseId);
        uint192 key = _keyOf(licenseId);
        Terms terms = _terms[key];
        return
            License({
                workId: _works[key],
                start: uint40(_startOf(licenseId)),
                until: uint40(_shown(_untilOf(licenseId, terms), type(uint40).max)),
                duration: terms.duration(),
                exclusive: terms.isExclusive(),
                territories: terms.territories(),
                channels: terms.channels(),
                rights: terms.rights(),
                transferable: terms.isTransferable(),
                renewable: terms.isRenewable(),
                underAgreement: terms.isUnderAgreement(),
                resaleBps: terms.resaleBps(),
                derivativeBps: terms.derivativeBps()
            });
    }

    /// @inheritdoc ILicenseToken
    function workOf(uint256 licenseId) public view returns (uint256 workId) {
        if (_ownerOf(licenseId) != address(0)) workId = _works[_keyOf(licenseId)];
    }

    /* VIEWS: OFFERS */

    /// @inheritdoc ILicenseToken
    function offerIdOf(Offer calldata offer) external pure returns (bytes32 offerId) {
        return offer.id();
    }

    /// @inheritdoc ILicenseToken
    function offerStateOf(bytes32 offerId) external view returns (uint256 sold, bool opened, bool cancelled) {
        Terms terms = _terms[_keyOf(offerId)];
        return (terms.sold(), terms.isOpened(), terms.isCancelled());
    }

    /// @inheritdoc ILicenseToken
    function checkOffer(Offer calldata offer, bytes calldata signature) external view {
        _checkSale(offer, signature);
    }

    /* VIEWS: STANDARDS */

    /// @inheritdoc ILicenseToken
    function userOf(uint256 licenseId) external view returns (address) {
        return isInForce(licenseId) ? _ownerOf(licenseId) : address(0);
    }

    /// @inheritdoc ILicenseToken
    function userExpires(uint256 licenseId) external view returns (uint256) {
        return expiresAt(licenseId);
    }

    /// @inheritdoc ILicenseToken
    function expiresAt(uint256 licenseId) public view returns (uint64) {
        if (_ownerOf(licenseId) == address(0)) return 0;
        return uint64(_shown(_untilOf(licenseId, _terms[_keyOf(licenseId)]), type(uint64).max));
    }

    /// @inheritdoc ILicenseToken
    function isRenewable(uint256 licenseId) external view returns (bool) {
        uint192 key = _keyOf(licenseId);
        Terms terms = _terms[key];
        if (_ownerOf(licenseId) == address(0) || !terms.isRenewable() || terms.duration() == 0) return false;
        if (terms.isCancelled() || block.timestamp > terms.closesAt()) return false;
        uint256 workId = _works[key];
        // Of one epoch there is one holder, so his being the seller need not be looked at.
        (, uint256 epoch, bool refuted) = TITLE.standingOf(workId);
        if (refuted || epoch != terms.epoch()) return false;
        return
            _untilOf(licenseId, terms) > block.timestamp ||
            _calendar.conflictOf(workId, terms.rights(), terms.territories(), terms.isExclusive()).until == 0;
    }

    /// @inheritdoc IERC2981
    function royaltyInfo(
        uint256 licenseId,
        uint256 salePrice
    ) external view returns (address receiver, uint256 amount) {
        uint256 bps = _terms[_keyOf(licenseId)].resaleBps();
        if (bps == 0 || _ownerOf(licenseId) == address(0)) return (address(0), 0);
        return (TITLE.rightsHolderOf(_works[_keyOf(licenseId)]), Math.mulDiv(salePrice, bps, ONE_IN_BPS));
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 id) public view override(ERC721, IERC165) returns (bool) {
        return id == type(IERC2981).interfaceId || id == ERC4906_ID || super.supportsInterface(id);
    }

    /* INTERNAL: CHECKS */

    /// @dev Everything but the payment: what the offer is, whether it stands, who signed it, and whether the calendar is free.
    function _checkSale(
        Offer calldata offer,
        bytes calldata signature
    ) private view returns (uint192 key, Terms terms) {
        bytes32 offerId = offer.id();
        key = _keyOf(offerId);
        terms = _terms[key];
        // What stands in storage was checked when it was written.
        if (!terms.exists()) {
            terms = TermsLib.pack(offer);
            _checkForm(terms);
        }
        _checkLife(offer, offerId, terms);
        if (terms.sold() >= terms.supply()) revert Errors.LicenseToken_OfferSoldOut(offerId, terms.supply());
        // A key's signature is good for ever, so the first sale proves it for all; a contract is asked every time.
        if (!terms.isOpened() && !terms.isSigned()) {
            bytes32 digest = _hashTypedDataV4(offerId);
            if (SignatureLib.isSignedByKeyOf(offer.seller, digest, signature)) terms = terms.withSigned();
            else if (!SignatureLib.isVouchedFor(offer.seller, digest, signature)) {
                revert Errors.LicenseToken_SignatureInvalid(offer.seller, digest);
            }
        }
        _checkCalendar(offer.workId, terms);
    }

    /// @dev What must hold of any license, whenever it is issued.
    function _checkForm(Terms terms) private view {
        if (terms.rights() & Rights.ACTS == 0) revert Errors.LicenseToken_RightsEmpty();
        if (terms.territories() == 0) revert Errors.LicenseToken_TerritoriesEmpty();
        if (terms.channels() == 0) revert Errors.LicenseToken_ChannelsEmpty();
        if (terms.resaleBps() > ONE_IN_BPS) revert Errors.LicenseToken_BpsTooHigh(terms.resaleBps());
        if (terms.derivativeBps() > ONE_IN_BPS) revert Errors.LicenseToken_BpsTooHigh(terms.derivativeBps());
        if (terms.derivativeBps() != 0 && terms.rights() & Rights.ADAPT == 0) {
            revert Errors.LicenseToken_DerivativeWithoutAdapt();
        }
        _endOf(block.timestamp, terms.duration());
    }

    /// @dev What must hold of an offer whenever something is sold under it.
    function _checkLife(Offer calldata offer, bytes32 offerId, Terms terms) private view {
        if (terms.isCancelled()) revert Errors.LicenseToken_OfferCancelled(offerId);
        if (block.timestamp > terms.closesAt()) {
            revert Errors.LicenseToken_OfferClosed(terms.closesAt(), block.timestamp);
        }
        uint256 epoch = _checkHolder(offer.workId, offer.seller);
        if (epoch != terms.epoch()) revert Errors.LicenseToken_EpochOver(offer.workId, terms.epoch(), epoch);
    }

    function _checkHolder(uint256 workId, address seller) private view returns (uint256 epoch) {
        address holder;
        bool refuted;
        (holder, epoch, refuted) = TITLE.standingOf(workId);
        if (refuted) revert Errors.LicenseToken_WorkRefuted(workId);
        if (holder != seller || holder == address(0)) {
            revert Errors.LicenseToken_SellerNotHolder(workId, seller, holder);
        }
    }

    function _checkCommission(Offer calldata offer, address platform, uint256 commissionPpm) private pure {
        if (commissionPpm == 0) return;
        if (commissionPpm > offer.commissionCapPpm) {
            revert Errors.LicenseToken_CommissionTooHigh(commissionPpm, offer.commissionCapPpm);
        }
        if (platform == address(0) || (offer.platform != address(0) && offer.platform != platform)) {
            revert Errors.LicenseToken_PlatformNotNamed(platform, offer.platform);
        }
    }

    function _checkCalendar(uint256 workId, Terms terms) private view {
        Conflict memory conflict = _calendar.conflictOf(
            workId,
            terms.rights(),
            terms.territories(),
            terms.isExclusive()
        );
        if (conflict.until != 0) {
            revert Errors.LicenseToken_Overlap(workId, conflict.territory, conflict.act, conflict.until);
        }
    }

    /* INTERNAL: MONEY AND MOVES */

    function _pay(Offer calldata offer, address platform, uint256 commissionPpm) private {
        uint256 price = offer.price;
        uint256 wanted = offer.currency == address(0) ? price : 0;
        if (msg.value != wanted) revert Errors.LicenseToken_ValueWrong(msg.value, wanted);
        if (price == 0) return;
        // The commission is within the offer's cap of 24 bits.
        SPLITTER.collect{value: msg.value}(
            offer.workId,
            msg.sender,
            offer.currency,
            price,
            commissionPpm == 0 ? address(0) : platform,
            uint32(commissionPpm)
        );
    }

    /// @dev Every transfer, and minting, passes here. What the exchange holds it can always give back or away, else a license that expires or
    /// is suspended in its hands were stuck there.
    function _update(address to, uint256 licenseId, address auth) internal override returns (address from) {
        from = super._update(to, licenseId, auth);
        if (from == address(0)) return from;

        Terms terms = _terms[_keyOf(licenseId)];
        if (!terms.isTransferable()) revert Errors.LicenseToken_NotTransferable(licenseId);
        if (terms.resaleBps() != 0 && msg.sender != exchange) {
            revert Errors.LicenseToken_OnlyByExchange(licenseId, msg.sender);
        }
        if (from != exchange && !_inForce(licenseId, terms)) revert Errors.LicenseToken_NotInForce(licenseId);
    }

    /* INTERNAL: IDS AND TIMES */

    function _inForce(uint256 licenseId, Terms terms) private view returns (bool) {
        if (_ownerOf(licenseId) == address(0) || _untilOf(licenseId, terms) <= block.timestamp) return false;
        return !terms.isUnderAgreement() || !ILicenseSuspension(agreements).isSuspended(licenseId);
    }

    /// @return until First second at which the license is over.
    function _untilOf(uint256 licenseId, Terms terms) private view returns (uint256 until) {
        until = _untils[licenseId];
        if (until == 0) until = _endOf(_startOf(licenseId), terms.duration());
    }

    /// @dev Refuses a duration whose end no lane of the calendar could hold.
    function _endOf(uint256 from, uint256 duration) private pure returns (uint256 until) {
        if (duration == 0) return CalendarLib.FOREVER;
        until = from + duration;
        if (until >= CalendarLib.FOREVER) revert Errors.LicenseToken_DurationTooLong(duration);
    }

    /// @dev An end as the views give it: the largest number of their type stands for none.
    function _shown(uint256 until, uint256 never) private pure returns (uint256) {
        return until == CalendarLib.FOREVER ? never : until;
    }

    function _keyOf(bytes32 hash) private pure returns (uint192) {
        return uint192(bytes24(hash));
    }

    function _keyOf(uint256 licenseId) private pure returns (uint192) {
        return uint192(licenseId >> 64);
    }

    function _startOf(uint256 licenseId) private pure returns (uint256) {
        return uint40(licenseId >> 24);
    }

    function _licenseIdOf(uint192 key, uint256 serial) private view returns (uint256) {
        return (uint256(key) << 64) | (block.timestamp << 24) | serial;
    }
}
